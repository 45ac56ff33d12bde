### Interface words of the public pages in English (en).
### The source of all other catalogues; README.md beside it has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = English

## The page as a whole

official-notice = Official notice
# A link at the very top, for those who use a keyboard or a screen reader.
skip = Skip to the notice
# Names the list of the other languages.
languages = Languages
# Names the list of links to the parts of the page; it is heard, not seen.
on-this-page = On this page

## Who, by whose order, when

# Followed by the name of an agency.
issued-by = Issued by
# Followed by the name of a court or another authority.
order-issuer = Ordered by
# Followed by the reference of the court order.
order-reference = Reference
# Followed by the law that the order rests on.
order-statute = Law
# Seized by authorities for the time of proceedings; not confiscated for good. Followed by a date.
seized-on = Date of seizure

## Headings

happened = What happened
# Above a paragraph on the order and the law.
authority = Legal basis
agencies = Agencies taking part
# Above advice for those who came to the page.
visitors = What you can do
# Tools and services for victims.
help = Help for those affected
press = Press
# How to lodge an objection with the authorities.
objections = How to object
# Above the address for victims and witnesses.
tips = Victims and witnesses

## Help that is to come, and files to download

# Stands where help will be published that is not there yet.
help-later = More help will be published here.
file-size = Size
file-digest = SHA-256 checksum
file-advice = Before you open a downloaded file, compare its checksum with the one shown here.
# Sizes of files. $count is a number as the language writes it.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telephone
# Followed by the hours at which someone answers.
hours = Hours

## How to check the notice

# Heading, and a link to it.
check = Check that this notice is genuine
check-advice = Anyone can copy a page like this one, so do not judge it by its looks. Type the address below yourself, and compare the number of the notice you find there with this one.
# Followed by an address on the web.
check-at = Confirmed by the issuer at
notice-id = Notice number
# Followed by a date.
valid-from = Valid from
# Followed by a date.
valid-until = Valid until
# Followed by the date on which the court looks at its order again.
review = Next review of the order
# Followed by an address on this site.
check-files = The signed text, the names it covers, the signatures and instructions for checking them
# A fingerprint of a key: its digest, to be compared by eye.
check-keys = Fingerprints of the agencies’ keys (SHA-256)

## Seals, and where victims turn to

# What the picture beside an agency’s name is; it is heard, not seen.
seal = Seal
# Stands below the name of the agency that leads the operation.
lead-agency = Lead agency
# Heading above a list of countries with the place to report to in each.
report-crime = Report to the police in your country
# Stands below a link to No More Ransom, a public project whose name is not translated.
no-more-ransom = Free tools and advice for victims of ransomware, from police forces and security companies.

## A notice that was withdrawn, and the public register of notices

# Heading of the page that stands where a notice was.
withdrawn-title = This notice was withdrawn
# The name is the address of the site, and goes back to its holder.
withdrawn-text = The notice that stood at this address is no longer in force. The authorities that had published it have withdrawn it. The name is being given back and may soon lead to another site.
# Followed by a date.
withdrawn-on = Withdrawn on
# Followed by the decision of a court or another authority that a withdrawal rests on.
decision = Decision
# A public list of all that was published. Heading.
register = Register of notices
register-about = What was published, amended, given back and withdrawn. The latest comes first.
# Heading above the notices in the register.
notices = Notices
# Heading above signed statements of the agencies that a false seizure banner, seen somewhere, is not theirs.
denials = Banners that are not ours
# Heading above warnings that several agencies have published together.
advisories = Joint advisories
# Followed by the date of a signed text.
dated = Date
# Followed by the names of sites that a notice is for.
covers = Names
# Followed by names of sites that went back to their holders.
given-back = Names given back
# Followed by a number: the notice is for so many names of sites, and does not say which.
names-sealed = Names covered but not published
# Followed by a number: so many names stand in the signed text and not on this page.
names-more = Further names in the signed text
# Followed by the date on which a false banner was seen.
seen-on = Seen on
# Followed by the name or address at which a false banner was seen.
seen-at = Seen at
# Followed by a number of indicators of compromise: names, addresses and checksums to look for.
indicators = Indicators
# Followed by the names of the keys under a text.
signed-by = Signed by
# Followed by links to files.
files = Files
# A link to the text with its signatures.
signed-text = Signed text
# A link to a file that proves that the text stands in the log of the operation, a record that cannot be altered unnoticed.
log-proof = Proof of the entry in the log
# Followed by the number of a later notice.
replaced-by = Replaced by
# What kind of text it is: one that withdraws an earlier one.
withdrawal = Withdrawal
# Followed by a command to be entered on a computer. The keys are those with which signatures are checked.
register-check = This page is not signed; the texts that it lists are. Get the keys of the agencies from the agencies themselves, save this directory and enter:
register-answer = The answer says whether the text is genuine, whether a later one in this register replaces or withdraws it, and whether the agencies vouch that nothing is missing.
