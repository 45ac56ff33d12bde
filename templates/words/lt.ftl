### Interface words of the public pages in Lithuanian (lt).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Lietuvių

## The page as a whole

official-notice = Oficialus pranešimas
skip = Pereiti prie pranešimo
languages = Kalbos
on-this-page = Šiame puslapyje

## Who, by whose order, when

issued-by = Paskelbė
order-issuer = Nutartį priėmė
order-reference = Bylos numeris
order-statute = Įstatymas
seized-on = Poėmio data

## Headings

happened = Kas įvyko
authority = Teisinis pagrindas
agencies = Dalyvaujančios institucijos
visitors = Ką galite padaryti
help = Pagalba nukentėjusiesiems
press = Žiniasklaidai
objections = Kaip pateikti prieštaravimą
tips = Nukentėjusieji ir liudytojai

## Help that is to come, and files to download

help-later = Čia bus paskelbta daugiau pagalbos priemonių.
file-size = Dydis
file-digest = SHA-256 kontrolinė suma
file-advice = Prieš atverdami atsisiųstą failą, palyginkite jo kontrolinę sumą su čia nurodyta.
size-bytes =
    { $count ->
        [one] { $count } baitas
        [few] { $count } baitai
        [many] { $count } baito
       *[other] { $count } baitų
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = El. paštas
phone = Telefonas
hours = Darbo laikas

## How to check the notice

check = Kaip patikrinti pranešimo tikrumą
check-advice = Tokį puslapį gali nukopijuoti bet kas, todėl nespręskite apie jį iš išvaizdos. Patys įveskite toliau nurodytą adresą ir palyginkite ten pateiktą pranešimo numerį su šiuo numeriu.
check-at = Paskelbusios institucijos patvirtinimas adresu
notice-id = Pranešimo numeris
valid-from = Galioja nuo
valid-until = Galioja iki
review = Kita nutarties peržiūra
check-files = Pasirašytas tekstas, jame nurodyti vardai, parašai ir jų tikrinimo instrukcija
check-keys = Institucijų raktų atspaudai (SHA-256)

## Seals, and where victims turn to

seal = Emblema
lead-agency = Vadovaujančioji institucija
report-crime = Praneškite savo šalies policijai
no-more-ransom = Nemokamos priemonės ir patarimai nukentėjusiesiems nuo išpirkos reikalaujančių programų iš policijos tarnybų ir saugumo įmonių.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Šis pranešimas atšauktas
withdrawn-text = Šiuo adresu skelbtas pranešimas nebegalioja. Jį paskelbusios institucijos jį atšaukė. Vardas grąžinamas ir netrukus gali vesti į kitą svetainę.
withdrawn-on = Atšaukta
decision = Sprendimas
register = Pranešimų registras
register-about = Kas paskelbta, pakeista, grąžinta ir atšaukta. Naujausi įrašai pateikiami pirmiausia.
notices = Pranešimai
denials = Skelbimai, kurie nėra mūsų
advisories = Bendri įspėjimai
dated = Data
covers = Vardai
given-back = Grąžinti vardai
names-sealed = Apimami, bet nepaskelbti vardai
names-more = Kiti vardai pasirašytame tekste
seen-on = Pastebėta
seen-at = Pastebėta adresu
indicators = Indikatoriai
signed-by = Pasirašė
files = Failai
signed-text = Pasirašytas tekstas
log-proof = Įrašo žurnale įrodymas
replaced-by = Pakeista pranešimu
withdrawal = Atšaukimas
register-check = Šis puslapis nepasirašytas; pasirašyti jame išvardyti tekstai. Institucijų raktus gaukite iš pačių institucijų, įrašykite šį katalogą ir įveskite:
register-answer = Atsakymas parodo, ar tekstas tikras, ar vėlesnis šio registro tekstas jį pakeičia arba atšaukia ir ar institucijos laiduoja, kad nieko netrūksta.
