### Interface words of the notice page in English (en).
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
