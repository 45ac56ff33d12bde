### Interface words of the public pages in Croatian (hr).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Hrvatski

## The page as a whole

official-notice = Službena obavijest
skip = Prijeđi na obavijest
languages = Jezici
on-this-page = Na ovoj stranici

## Who, by whose order, when

issued-by = Izdavatelj
order-issuer = Nalog izdao
order-reference = Broj spisa
order-statute = Zakon
seized-on = Datum oduzimanja

## Headings

happened = Što se dogodilo
authority = Pravna osnova
agencies = Tijela koja sudjeluju
visitors = Što možete učiniti
help = Pomoć pogođenima
press = Za medije
objections = Kako podnijeti prigovor
tips = Žrtve i svjedoci

## Help that is to come, and files to download

help-later = Ovdje će biti objavljena dodatna pomoć.
file-size = Veličina
file-digest = Kontrolni zbroj SHA-256
file-advice = Prije otvaranja preuzete datoteke usporedite njezin kontrolni zbroj s ovdje prikazanim.
size-bytes =
    { $count ->
        [one] { $count } bajt
        [few] { $count } bajta
       *[other] { $count } bajtova
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-pošta
phone = Telefon
hours = Radno vrijeme

## How to check the notice

check = Provjerite vjerodostojnost ove obavijesti
check-advice = Ovakvu stranicu može kopirati bilo tko, stoga je nemojte prosuđivati po izgledu. Sami upišite adresu navedenu u nastavku i usporedite broj obavijesti koji ondje nađete s ovim brojem.
check-at = Potvrda izdavatelja na adresi
notice-id = Broj obavijesti
valid-from = Vrijedi od
valid-until = Vrijedi do
review = Sljedeće preispitivanje naloga
check-files = Potpisani tekst, obuhvaćena imena, potpisi i upute za njihovu provjeru
check-keys = Otisci ključeva nadležnih tijela (SHA-256)

## Seals, and where victims turn to

seal = Znak
lead-agency = Vodeće tijelo
report-crime = Prijavite policiji u svojoj zemlji
no-more-ransom = Besplatni alati i savjeti za žrtve ucjenjivačkog softvera, od policijskih snaga i sigurnosnih tvrtki.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Ova je obavijest povučena
withdrawn-text = Obavijest koja je bila na ovoj adresi više nije na snazi. Tijela koja su je objavila povukla su je. Ime se vraća i uskoro može voditi na drugu stranicu.
withdrawn-on = Povučeno dana
decision = Odluka
register = Registar obavijesti
register-about = Što je objavljeno, izmijenjeno, vraćeno i povučeno. Najnovije je prvo.
notices = Obavijesti
denials = Natpisi koji nisu naši
advisories = Zajednička upozorenja
dated = Datum
covers = Imena
given-back = Vraćena imena
names-sealed = Obuhvaćena, a neobjavljena imena
names-more = Ostala imena u potpisanom tekstu
seen-on = Viđeno dana
seen-at = Viđeno na adresi
indicators = Pokazatelji
signed-by = Potpisali
files = Datoteke
signed-text = Potpisani tekst
log-proof = Dokaz o upisu u dnevnik
replaced-by = Zamijenjeno obavijesti
withdrawal = Povlačenje
register-check = Ova stranica nije potpisana; potpisani su tekstovi koje navodi. Ključeve tijela pribavite od samih tijela, spremite ovaj direktorij i upišite:
register-answer = Odgovor govori je li tekst vjerodostojan, zamjenjuje li ga ili povlači neki kasniji tekst u ovom registru i jamče li tijela da ništa ne nedostaje.
