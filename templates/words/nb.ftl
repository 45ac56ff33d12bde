### Interface words of the public pages in Norwegian Bokmål (nb).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Norsk bokmål

## The page as a whole

official-notice = Offisiell kunngjøring
skip = Gå til kunngjøringen
languages = Språk
on-this-page = På denne siden

## Who, by whose order, when

issued-by = Utstedt av
order-issuer = Besluttet av
order-reference = Saksnummer
order-statute = Lov
seized-on = Dato for beslaget

## Headings

happened = Hva som har skjedd
authority = Rettslig grunnlag
agencies = Deltakende myndigheter
visitors = Hva du kan gjøre
help = Hjelp til berørte
press = Presse
objections = Slik kommer du med innsigelse
tips = Ofre og vitner

## Help that is to come, and files to download

help-later = Mer hjelp vil bli publisert her.
file-size = Størrelse
file-digest = SHA-256-kontrollsum
file-advice = Sammenlign kontrollsummen til en nedlastet fil med den som vises her, før du åpner filen.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-post
phone = Telefon
hours = Åpningstid

## How to check the notice

check = Kontroller at kunngjøringen er ekte
check-advice = Hvem som helst kan kopiere en side som denne, så ikke bedøm den etter utseendet. Skriv selv inn adressen nedenfor, og sammenlign nummeret på kunngjøringen du finner der, med dette nummeret.
check-at = Bekreftet av utstederen på
notice-id = Kunngjøringens nummer
valid-from = Gyldig fra
valid-until = Gyldig til
review = Neste prøving av beslutningen
check-files = Den signerte teksten, navnene den omfatter, signaturene og veiledning i å kontrollere dem
check-keys = Fingeravtrykk av myndighetenes nøkler (SHA-256)

## Seals, and where victims turn to

seal = Emblem
lead-agency = Ledende myndighet
report-crime = Meld fra til politiet i ditt land
no-more-ransom = Gratis verktøy og råd til ofre for løsepengevirus, fra politimyndigheter og sikkerhetsselskaper.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Denne kunngjøringen er trukket tilbake
withdrawn-text = Kunngjøringen som sto på denne adressen, gjelder ikke lenger. Myndighetene som hadde publisert den, har trukket den tilbake. Navnet gis tilbake og kan snart føre til et annet nettsted.
withdrawn-on = Trukket tilbake
decision = Avgjørelse
register = Register over kunngjøringer
register-about = Hva som er publisert, endret, gitt tilbake og trukket tilbake. Det nyeste står først.
notices = Kunngjøringer
denials = Bannere som ikke er våre
advisories = Felles varsler
dated = Dato
covers = Navn
given-back = Navn som er gitt tilbake
names-sealed = Omfattede, ikke publiserte navn
names-more = Flere navn i den signerte teksten
seen-on = Sett
seen-at = Sett på adressen
indicators = Indikatorer
signed-by = Signert av
files = Filer
signed-text = Signert tekst
log-proof = Bevis for oppføringen i loggen
replaced-by = Erstattet av
withdrawal = Tilbaketrekking
register-check = Denne siden er ikke signert; det er tekstene som den lister opp. Hent myndighetenes nøkler fra myndighetene selv, lagre denne mappen og skriv inn:
register-answer = Svaret forteller om teksten er ekte, om en senere tekst i dette registeret erstatter den eller trekker den tilbake, og om myndighetene går god for at ingenting mangler.
