### Interface words of the public pages in Greek (el).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Ελληνικά

## The page as a whole

official-notice = Επίσημη ανακοίνωση
skip = Μετάβαση στην ανακοίνωση
languages = Γλώσσες
on-this-page = Σε αυτή τη σελίδα

## Who, by whose order, when

issued-by = Εκδόθηκε από
order-issuer = Διατάχθηκε από
order-reference = Αριθμός υπόθεσης
order-statute = Νόμος
seized-on = Ημερομηνία κατάσχεσης

## Headings

happened = Τι συνέβη
authority = Νομική βάση
agencies = Συμμετέχουσες αρχές
visitors = Τι μπορείτε να κάνετε
help = Βοήθεια για όσους επλήγησαν
press = Τύπος
objections = Πώς να υποβάλετε αντιρρήσεις
tips = Θύματα και μάρτυρες

## Help that is to come, and files to download

help-later = Περισσότερη βοήθεια θα δημοσιευθεί εδώ.
file-size = Μέγεθος
file-digest = Άθροισμα ελέγχου SHA-256
file-advice = Προτού ανοίξετε αρχείο που κατεβάσατε, συγκρίνετε το άθροισμα ελέγχου του με αυτό που αναγράφεται εδώ.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Ηλεκτρονικό ταχυδρομείο
phone = Τηλέφωνο
hours = Ώρες επικοινωνίας

## How to check the notice

check = Έλεγχος της γνησιότητας της ανακοίνωσης
check-advice = Ο καθένας μπορεί να αντιγράψει μια σελίδα όπως αυτή· μην την κρίνετε από την εμφάνισή της. Πληκτρολογήστε εσείς την παρακάτω διεύθυνση και συγκρίνετε τον αριθμό της ανακοίνωσης που θα βρείτε εκεί με αυτόν εδώ.
check-at = Επιβεβαιώνεται από τον εκδότη στη διεύθυνση
notice-id = Αριθμός ανακοίνωσης
valid-from = Ισχύει από
valid-until = Ισχύει έως
review = Επόμενη επανεξέταση της διάταξης
check-files = Το υπογεγραμμένο κείμενο, τα ονόματα που καλύπτει, οι υπογραφές και οδηγίες για τον έλεγχό τους
check-keys = Αποτυπώματα των κλειδιών των αρχών (SHA-256)

## Seals, and where victims turn to

seal = Έμβλημα
lead-agency = Επικεφαλής αρχή
report-crime = Καταγγελία στην αστυνομία της χώρας σας
no-more-ransom = Δωρεάν εργαλεία και συμβουλές για θύματα λυτρισμικού, από αστυνομικές αρχές και εταιρείες ασφάλειας.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Η ανακοίνωση αυτή ανακλήθηκε
withdrawn-text = Η ανακοίνωση που βρισκόταν σε αυτή τη διεύθυνση δεν ισχύει πλέον. Οι αρχές που την είχαν δημοσιεύσει την ανακάλεσαν. Το όνομα επιστρέφεται και μπορεί σύντομα να οδηγεί σε άλλον ιστότοπο.
withdrawn-on = Ανακλήθηκε στις
decision = Απόφαση
register = Μητρώο ανακοινώσεων
register-about = Τι δημοσιεύτηκε, τροποποιήθηκε, επιστράφηκε και ανακλήθηκε. Το πιο πρόσφατο πρώτο.
notices = Ανακοινώσεις
denials = Πλαίσια που δεν είναι δικά μας
advisories = Κοινές προειδοποιήσεις
dated = Ημερομηνία
covers = Ονόματα
given-back = Ονόματα που επιστράφηκαν
names-sealed = Ονόματα που καλύπτονται χωρίς να δημοσιεύονται
names-more = Περισσότερα ονόματα στο υπογεγραμμένο κείμενο
seen-on = Εμφανίστηκε στις
seen-at = Εμφανίστηκε στη διεύθυνση
indicators = Δείκτες
signed-by = Υπογραφή από
files = Αρχεία
signed-text = Υπογεγραμμένο κείμενο
log-proof = Απόδειξη της εγγραφής στο ημερολόγιο
replaced-by = Αντικαταστάθηκε από
withdrawal = Ανάκληση
register-check = Η σελίδα αυτή δεν είναι υπογεγραμμένη· υπογεγραμμένα είναι τα κείμενα που απαριθμεί. Λάβετε τα κλειδιά των αρχών από τις ίδιες τις αρχές, αποθηκεύστε αυτόν τον κατάλογο και πληκτρολογήστε:
register-answer = Η απάντηση δείχνει αν το κείμενο είναι γνήσιο, αν κάποιο μεταγενέστερο σε αυτό το μητρώο το αντικαθιστά ή το ανακαλεί και αν οι αρχές εγγυώνται ότι δεν λείπει τίποτα.
