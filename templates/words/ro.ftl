### Interface words of the public pages in Romanian (ro).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Română

## The page as a whole

official-notice = Aviz oficial
skip = Salt la aviz
languages = Limbi
on-this-page = Pe această pagină

## Who, by whose order, when

issued-by = Emis de
order-issuer = Dispus de
order-reference = Număr de dosar
order-statute = Lege
seized-on = Data indisponibilizării

## Headings

happened = Ce s-a întâmplat
authority = Temei juridic
agencies = Autorități participante
visitors = Ce puteți face
help = Ajutor pentru persoanele afectate
press = Presă
objections = Cum puteți contesta
tips = Victime și martori

## Help that is to come, and files to download

help-later = Aici vor fi publicate și alte forme de ajutor.
file-size = Dimensiune
file-digest = Sumă de control SHA-256
file-advice = Înainte de a deschide un fișier descărcat, comparați suma lui de control cu cea indicată aici.
size-bytes =
    { $count ->
        [one] { $count } octet
        [few] { $count } octeți
       *[other] { $count } de octeți
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefon
hours = Program

## How to check the notice

check = Verificați autenticitatea acestui aviz
check-advice = Oricine poate copia o pagină ca aceasta, așadar nu o judecați după aspect. Introduceți dumneavoastră adresa de mai jos și comparați numărul avizului pe care îl găsiți acolo cu acesta.
check-at = Confirmat de emitent la adresa
notice-id = Numărul avizului
valid-from = Valabil de la
valid-until = Valabil până la
review = Următoarea reexaminare a ordinului
check-files = Textul semnat, numele vizate, semnăturile și instrucțiunile pentru verificarea lor
check-keys = Amprentele cheilor autorităților (SHA-256)

## Seals, and where victims turn to

seal = Emblemă
lead-agency = Autoritatea coordonatoare
report-crime = Sesizați poliția din țara dumneavoastră
no-more-ransom = Instrumente și sfaturi gratuite pentru victimele programelor de tip ransomware, oferite de forțe de poliție și companii de securitate.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Acest aviz a fost retras
withdrawn-text = Avizul aflat la această adresă nu mai este în vigoare. Autoritățile care îl publicaseră l-au retras. Numele este în curs de restituire și poate duce în curând la un alt site.
withdrawn-on = Retras la
decision = Decizie
register = Registrul avizelor
register-about = Ce a fost publicat, modificat, restituit și retras. Cele mai recente apar primele.
notices = Avize
denials = Bannere care nu sunt ale noastre
advisories = Avertizări comune
dated = Data
covers = Nume
given-back = Nume restituite
names-sealed = Nume vizate, dar nepublicate
names-more = Alte nume în textul semnat
seen-on = Văzut la data de
seen-at = Văzut la adresa
indicators = Indicatori
signed-by = Semnat de
files = Fișiere
signed-text = Text semnat
log-proof = Dovada înscrierii în jurnal
replaced-by = Înlocuit de
withdrawal = Retragere
register-check = Această pagină nu este semnată; textele pe care le enumeră sunt. Obțineți cheile autorităților chiar de la autorități, salvați acest director și introduceți:
register-answer = Răspunsul arată dacă textul este autentic, dacă unul ulterior din acest registru îl înlocuiește sau îl retrage și dacă autoritățile garantează că nu lipsește nimic.
