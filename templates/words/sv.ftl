### Interface words of the public pages in Swedish (sv).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Svenska

## The page as a whole

official-notice = Officiellt meddelande
skip = Gå till meddelandet
languages = Språk
on-this-page = På den här sidan

## Who, by whose order, when

issued-by = Utfärdat av
order-issuer = Beslutat av
order-reference = Målnummer
order-statute = Lagrum
seized-on = Datum för beslaget

## Headings

happened = Vad som har hänt
authority = Rättslig grund
agencies = Deltagande myndigheter
visitors = Vad du kan göra
help = Hjälp till drabbade
press = Press
objections = Så gör du en invändning
tips = Brottsoffer och vittnen

## Help that is to come, and files to download

help-later = Mer hjälp kommer att publiceras här.
file-size = Storlek
file-digest = SHA-256-kontrollsumma
file-advice = Jämför kontrollsumman för en nedladdad fil med den som visas här innan du öppnar filen.
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
hours = Öppettider

## How to check the notice

check = Kontrollera att meddelandet är äkta
check-advice = Vem som helst kan kopiera en sida som den här, så bedöm den inte efter utseendet. Skriv själv in adressen nedan och jämför numret på det meddelande som finns där med det här numret.
check-at = Bekräftat av utfärdaren på
notice-id = Meddelandets nummer
valid-from = Gäller från
valid-until = Gäller till
review = Nästa prövning av beslutet
check-files = Den signerade texten, namnen som omfattas, signaturerna och anvisningar för att kontrollera dem
check-keys = Fingeravtryck av myndigheternas nycklar (SHA-256)

## Seals, and where victims turn to

seal = Emblem
lead-agency = Ledande myndighet
report-crime = Anmäl till polisen i ditt land
no-more-ransom = Kostnadsfria verktyg och råd till drabbade av utpressningsprogram, från polismyndigheter och säkerhetsföretag.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Detta meddelande har återkallats
withdrawn-text = Meddelandet som fanns på den här adressen gäller inte längre. De myndigheter som hade publicerat det har återkallat det. Namnet lämnas tillbaka och kan snart leda till en annan webbplats.
withdrawn-on = Återkallat den
decision = Beslut
register = Register över meddelanden
register-about = Vad som har publicerats, ändrats, lämnats tillbaka och återkallats. Det senaste står först.
notices = Meddelanden
denials = Banderoller som inte är våra
advisories = Gemensamma varningar
dated = Datum
covers = Namn
given-back = Återlämnade namn
names-sealed = Namn som omfattas men inte publiceras
names-more = Fler namn i den signerade texten
seen-on = Sedd den
seen-at = Sedd på
indicators = Indikatorer
signed-by = Signerat av
files = Filer
signed-text = Signerad text
log-proof = Bevis för posten i loggen
replaced-by = Ersatt av
withdrawal = Återkallelse
register-check = Den här sidan är inte signerad; texterna som den räknar upp är det. Skaffa myndigheternas nycklar från myndigheterna själva, spara den här katalogen och skriv in:
register-answer = Svaret visar om texten är äkta, om en senare text i det här registret ersätter eller återkallar den och om myndigheterna går i god för att inget saknas.
