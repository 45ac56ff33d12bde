### Interface words of the public pages in Slovenian (sl).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Slovenščina

## The page as a whole

official-notice = Uradno obvestilo
skip = Na besedilo obvestila
languages = Jeziki
on-this-page = Na tej strani

## Who, by whose order, when

issued-by = Izdajatelj
order-issuer = Odredbo izdal
order-reference = Opravilna številka
order-statute = Zakon
seized-on = Datum zasega

## Headings

happened = Kaj se je zgodilo
authority = Pravna podlaga
agencies = Sodelujoči organi
visitors = Kaj lahko storite
help = Pomoč prizadetim
press = Za medije
objections = Kako ugovarjati
tips = Oškodovanci in priče

## Help that is to come, and files to download

help-later = Tu bo objavljena dodatna pomoč.
file-size = Velikost
file-digest = Kontrolna vsota SHA-256
file-advice = Preden odprete preneseno datoteko, primerjajte njeno kontrolno vsoto s tu prikazano.
size-bytes =
    { $count ->
        [one] { $count } bajt
        [two] { $count } bajta
        [few] { $count } bajti
       *[other] { $count } bajtov
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-pošta
phone = Telefon
hours = Dosegljivost

## How to check the notice

check = Preverite pristnost tega obvestila
check-advice = Takšno stran lahko posnema kdorkoli, zato je ne presojajte po videzu. Spodnji naslov vnesite sami in primerjajte številko obvestila, ki jo najdete tam, s to številko.
check-at = Potrditev izdajatelja na naslovu
notice-id = Številka obvestila
valid-from = Velja od
valid-until = Velja do
review = Naslednji pregled odredbe
check-files = Podpisano besedilo, zajeta imena, podpisi in navodila za njihovo preverjanje
check-keys = Prstni odtisi ključev organov (SHA-256)

## Seals, and where victims turn to

seal = Znak
lead-agency = Vodilni organ
report-crime = Prijavite policiji v svoji državi
no-more-ransom = Brezplačna orodja in nasveti za žrtve izsiljevalske programske opreme, ki jih ponujajo policijske službe in varnostna podjetja.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = To obvestilo je bilo umaknjeno
withdrawn-text = Obvestilo, ki je bilo na tem naslovu, ne velja več. Organi, ki so ga objavili, so ga umaknili. Ime se vrača in lahko kmalu vodi na drugo spletišče.
withdrawn-on = Umaknjeno dne
decision = Odločba
register = Register obvestil
register-about = Kaj je bilo objavljeno, spremenjeno, vrnjeno in umaknjeno. Najnovejše je na začetku.
notices = Obvestila
denials = Napisi, ki niso naši
advisories = Skupna opozorila
dated = Datum
covers = Imena
given-back = Vrnjena imena
names-sealed = Zajeta, a neobjavljena imena
names-more = Druga imena v podpisanem besedilu
seen-on = Opaženo dne
seen-at = Opaženo na naslovu
indicators = Kazalniki
signed-by = Podpisali
files = Datoteke
signed-text = Podpisano besedilo
log-proof = Dokaz o vpisu v dnevnik
replaced-by = Nadomeščeno z
withdrawal = Umik
register-check = Ta stran ni podpisana; podpisana so besedila, ki jih navaja. Ključe organov pridobite pri organih samih, shranite ta imenik in vnesite:
register-answer = Odgovor pove, ali je besedilo pristno, ali ga poznejše v tem registru nadomešča ali umika in ali organi jamčijo, da nič ne manjka.
