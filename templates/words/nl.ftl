### Interface words of the public pages in Dutch (nl).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Nederlands

## The page as a whole

official-notice = Officiële mededeling
skip = Naar de mededeling
languages = Talen
on-this-page = Op deze pagina

## Who, by whose order, when

issued-by = Uitgegeven door
order-issuer = Bevolen door
order-reference = Kenmerk
order-statute = Wet
seized-on = Datum van inbeslagneming

## Headings

happened = Wat er is gebeurd
authority = Juridische grondslag
agencies = Deelnemende instanties
visitors = Wat u kunt doen
help = Hulp voor gedupeerden
press = Pers
objections = Bezwaar maken
tips = Slachtoffers en getuigen

## Help that is to come, and files to download

help-later = Meer hulp wordt hier gepubliceerd.
file-size = Grootte
file-digest = SHA-256-controlesom
file-advice = Vergelijk de controlesom van een gedownload bestand met de hier vermelde voordat u het opent.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefoon
hours = Bereikbaarheid

## How to check the notice

check = Controleer of deze mededeling echt is
check-advice = Iedereen kan een pagina als deze namaken; beoordeel haar dus niet op het uiterlijk. Typ het onderstaande adres zelf in en vergelijk het nummer van de mededeling die u daar vindt met dit nummer.
check-at = Bevestigd door de uitgever op
notice-id = Nummer van de mededeling
valid-from = Geldig vanaf
valid-until = Geldig tot
review = Volgende toetsing van het bevel
check-files = De ondertekende tekst, de namen waarvoor die geldt, de handtekeningen en uitleg over de controle
check-keys = Vingerafdrukken van de sleutels van de instanties (SHA-256)

## Seals, and where victims turn to

seal = Embleem
lead-agency = Leidende instantie
report-crime = Doe aangifte bij de politie in uw land
no-more-ransom = Gratis hulpmiddelen en advies voor slachtoffers van gijzelsoftware, van politiediensten en beveiligingsbedrijven.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Deze mededeling is ingetrokken
withdrawn-text = De mededeling die op dit adres stond, geldt niet meer. De instanties die haar hadden gepubliceerd, hebben haar ingetrokken. De naam wordt teruggegeven en kan binnenkort naar een andere website leiden.
withdrawn-on = Ingetrokken op
decision = Beslissing
register = Register van mededelingen
register-about = Wat is gepubliceerd, gewijzigd, teruggegeven en ingetrokken. Het nieuwste staat bovenaan.
notices = Mededelingen
denials = Banners die niet van ons zijn
advisories = Gezamenlijke waarschuwingen
dated = Datum
covers = Namen
given-back = Teruggegeven namen
names-sealed = Begrepen, niet gepubliceerde namen
names-more = Meer namen in de ondertekende tekst
seen-on = Gezien op
seen-at = Gezien op het adres
indicators = Indicatoren
signed-by = Ondertekend door
files = Bestanden
signed-text = Ondertekende tekst
log-proof = Bewijs van de vermelding in het logboek
replaced-by = Vervangen door
withdrawal = Intrekking
register-check = Deze pagina is niet ondertekend; de vermelde teksten zijn dat wel. Vraag de sleutels van de instanties bij de instanties zelf op, bewaar deze map en voer in:
register-answer = Het antwoord zegt of de tekst echt is, of een latere in dit register hem vervangt of intrekt, en of de instanties ervoor instaan dat er niets ontbreekt.
