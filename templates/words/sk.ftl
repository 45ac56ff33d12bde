### Interface words of the public pages in Slovak (sk).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Slovenčina

## The page as a whole

official-notice = Úradné oznámenie
skip = Prejsť na oznámenie
languages = Jazyky
on-this-page = Na tejto stránke

## Who, by whose order, when

issued-by = Vydal
order-issuer = Nariadil
order-reference = Spisová značka
order-statute = Zákon
seized-on = Dátum zaistenia

## Headings

happened = Čo sa stalo
authority = Právny základ
agencies = Zúčastnené orgány
visitors = Čo môžete urobiť
help = Pomoc pre poškodených
press = Pre médiá
objections = Ako podať námietku
tips = Poškodení a svedkovia

## Help that is to come, and files to download

help-later = Ďalšia pomoc bude zverejnená tu.
file-size = Veľkosť
file-digest = Kontrolný súčet SHA-256
file-advice = Pred otvorením stiahnutého súboru porovnajte jeho kontrolný súčet s tým, ktorý je uvedený tu.
size-bytes =
    { $count ->
        [one] { $count } bajt
        [few] { $count } bajty
        [many] { $count } bajtu
       *[other] { $count } bajtov
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefón
hours = Prevádzkový čas

## How to check the notice

check = Overenie pravosti tohto oznámenia
check-advice = Takúto stránku môže napodobniť ktokoľvek, neposudzujte ju preto podľa vzhľadu. Adresu uvedenú nižšie zadajte sami a porovnajte číslo oznámenia, ktoré tam nájdete, s týmto číslom.
check-at = Potvrdené vydavateľom na adrese
notice-id = Číslo oznámenia
valid-from = Platí od
valid-until = Platí do
review = Najbližšie preskúmanie príkazu
check-files = Podpísaný text, dotknuté mená, podpisy a návod na ich overenie
check-keys = Odtlačky kľúčov orgánov (SHA-256)

## Seals, and where victims turn to

seal = Znak
lead-agency = Vedúci orgán
report-crime = Nahláste to polícii vo svojej krajine
no-more-ransom = Bezplatné nástroje a rady pre obete vydieračského softvéru od policajných zborov a bezpečnostných spoločností.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Toto oznámenie bolo odvolané
withdrawn-text = Oznámenie zverejnené na tejto adrese už neplatí. Orgány, ktoré ho zverejnili, ho odvolali. Meno sa vracia a môže čoskoro viesť na inú stránku.
withdrawn-on = Odvolané dňa
decision = Rozhodnutie
register = Register oznámení
register-about = Čo bolo zverejnené, zmenené, vrátené a odvolané. Najnovšie je prvé.
notices = Oznámenia
denials = Bannery, ktoré nie sú naše
advisories = Spoločné upozornenia
dated = Dátum
covers = Mená
given-back = Vrátené mená
names-sealed = Dotknuté, ale nezverejnené mená
names-more = Ďalšie mená v podpísanom texte
seen-on = Spozorované dňa
seen-at = Spozorované na adrese
indicators = Indikátory
signed-by = Podpísané kľúčmi
files = Súbory
signed-text = Podpísaný text
log-proof = Dôkaz o zápise v protokole
replaced-by = Nahradené oznámením
withdrawal = Odvolanie
register-check = Táto stránka nie je podpísaná; podpísané sú texty, ktoré uvádza. Kľúče orgánov získajte priamo od nich, uložte si tento adresár a zadajte:
register-answer = Odpoveď hovorí, či je text pravý, či ho neskorší text v tomto registri nahrádza alebo odvoláva a či orgány ručia za to, že nič nechýba.
