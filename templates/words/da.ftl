### Interface words of the public pages in Danish (da).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Dansk

## The page as a whole

official-notice = Officiel meddelelse
skip = Gå til meddelelsen
languages = Sprog
on-this-page = På denne side

## Who, by whose order, when

issued-by = Udstedt af
order-issuer = Afsagt af
order-reference = Sagsnummer
order-statute = Lovgrundlag
seized-on = Dato for beslaglæggelsen

## Headings

happened = Hvad der er sket
authority = Retsgrundlag
agencies = Deltagende myndigheder
visitors = Hvad du kan gøre
help = Hjælp til berørte
press = Presse
objections = Sådan gør du indsigelse
tips = Ofre og vidner

## Help that is to come, and files to download

help-later = Yderligere hjælp bliver offentliggjort her.
file-size = Størrelse
file-digest = SHA-256-kontrolsum
file-advice = Sammenlign kontrolsummen for en hentet fil med den, der er vist her, før du åbner filen.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefon
hours = Åbningstid

## How to check the notice

check = Kontrollér, at meddelelsen er ægte
check-advice = Enhver kan kopiere en side som denne, så bedøm den ikke på udseendet. Indtast selv adressen nedenfor, og sammenlign nummeret på den meddelelse, du finder dér, med dette nummer.
check-at = Bekræftet af udstederen på
notice-id = Meddelelsens nummer
valid-from = Gyldig fra
valid-until = Gyldig til
review = Næste prøvelse af kendelsen
check-files = Den signerede tekst, de omfattede navne, signaturerne og en vejledning i at kontrollere dem
check-keys = Fingeraftryk af myndighedernes nøgler (SHA-256)

## Seals, and where victims turn to

seal = Emblem
lead-agency = Ledende myndighed
report-crime = Anmeld til politiet i dit land
no-more-ransom = Gratis værktøjer og råd til ofre for afpresningssoftware fra politimyndigheder og sikkerhedsfirmaer.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Denne meddelelse er trukket tilbage
withdrawn-text = Meddelelsen på denne adresse gælder ikke længere. De myndigheder, der havde offentliggjort den, har trukket den tilbage. Navnet gives tilbage og kan snart føre til et andet websted.
withdrawn-on = Trukket tilbage den
decision = Afgørelse
register = Register over meddelelser
register-about = Hvad der er offentliggjort, ændret, givet tilbage og trukket tilbage. Det nyeste står først.
notices = Meddelelser
denials = Bannere, der ikke er vores
advisories = Fælles advarsler
dated = Dato
covers = Navne
given-back = Navne givet tilbage
names-sealed = Omfattede, men ikke offentliggjorte navne
names-more = Flere navne i den signerede tekst
seen-on = Set den
seen-at = Set på
indicators = Indikatorer
signed-by = Signeret af
files = Filer
signed-text = Signeret tekst
log-proof = Bevis for indførslen i loggen
replaced-by = Erstattet af
withdrawal = Tilbagetrækning
register-check = Denne side er ikke signeret; det er de tekster, den opregner. Hent myndighedernes nøgler hos myndighederne selv, gem denne mappe, og indtast:
register-answer = Svaret viser, om teksten er ægte, om en senere tekst i dette register erstatter den eller trækker den tilbage, og om myndighederne indestår for, at intet mangler.
