### Interface words of the public pages in Hungarian (hu).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Magyar

## The page as a whole

official-notice = Hivatalos közlemény
skip = Ugrás a közleményhez
languages = Nyelvek
on-this-page = Ezen az oldalon

## Who, by whose order, when

issued-by = Kiadó szerv
order-issuer = Elrendelő szerv
order-reference = Ügyszám
order-statute = Jogszabály
seized-on = A lefoglalás napja

## Headings

happened = Mi történt
authority = Jogalap
agencies = Részt vevő hatóságok
visitors = Mit tehet Ön
help = Segítség az érintetteknek
press = Sajtó
objections = Hogyan élhet jogorvoslattal
tips = Sértettek és tanúk

## Help that is to come, and files to download

help-later = A további segítséget itt tesszük közzé.
file-size = Méret
file-digest = SHA-256 ellenőrző összeg
file-advice = A letöltött fájl megnyitása előtt hasonlítsa össze annak ellenőrző összegét az itt feltüntetettel.
size-bytes =
    { $count ->
        [one] { $count } bájt
       *[other] { $count } bájt
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefon
hours = Elérhetőség

## How to check the notice

check = A közlemény valódiságának ellenőrzése
check-advice = Ilyen oldalt bárki lemásolhat, ezért ne a megjelenése alapján ítélje meg. Írja be saját kezűleg az alábbi címet, és hasonlítsa össze az ott található közlemény számát ezzel a számmal.
check-at = A kiadó megerősítése a következő címen
notice-id = A közlemény száma
valid-from = Érvényesség kezdete
valid-until = Érvényesség vége
review = A határozat következő felülvizsgálata
check-files = Az aláírt szöveg, az érintett nevek, az aláírások és az ellenőrzés leírása
check-keys = A hatóságok kulcsainak ujjlenyomatai (SHA-256)

## Seals, and where victims turn to

seal = Jelvény
lead-agency = Vezető hatóság
report-crime = Tegyen bejelentést országa rendőrségén
no-more-ransom = Ingyenes eszközök és tanácsok zsarolóvírusok áldozatainak, rendőri szervektől és biztonsági cégektől.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Ezt a közleményt visszavonták
withdrawn-text = Az ezen a címen közzétett közlemény már nem hatályos. Az azt közzétevő hatóságok visszavonták. A nevet visszaadják, és az hamarosan másik webhelyre vezethet.
withdrawn-on = Visszavonás napja
decision = Döntés
register = A közlemények nyilvántartása
register-about = Amit közzétettek, módosítottak, visszaadtak és visszavontak. A legújabb áll elöl.
notices = Közlemények
denials = Nem tőlünk származó feliratok
advisories = Közös figyelmeztetések
dated = Dátum
covers = Nevek
given-back = Visszaadott nevek
names-sealed = Érintett, de közzé nem tett nevek
names-more = További nevek az aláírt szövegben
seen-on = Észlelés napja
seen-at = Észlelés helye
indicators = Fertőzöttségi jelzők
signed-by = Aláírók
files = Fájlok
signed-text = Aláírt szöveg
log-proof = A naplóbejegyzés bizonyítéka
replaced-by = Felváltja
withdrawal = Visszavonás
register-check = Ez az oldal nincs aláírva; a benne felsorolt szövegek igen. Szerezze be a hatóságok kulcsait maguktól a hatóságoktól, mentse el ezt a könyvtárat, és írja be:
register-answer = A válasz megmondja, hogy a szöveg valódi-e, hogy e nyilvántartás egy későbbi szövege felváltja vagy visszavonja-e, és hogy a hatóságok szavatolják-e, hogy semmi sem hiányzik.
