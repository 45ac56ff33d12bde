### Interface words of the public pages in Estonian (et).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Eesti

## The page as a whole

official-notice = Ametlik teadaanne
skip = Liigu teadaande juurde
languages = Keeled
on-this-page = Sellel lehel

## Who, by whose order, when

issued-by = Väljaandja
order-issuer = Määruse andja
order-reference = Toimiku number
order-statute = Seadus
seized-on = Arestimise kuupäev

## Headings

happened = Mis juhtus
authority = Õiguslik alus
agencies = Osalevad asutused
visitors = Mida saate teha
help = Abi kannatanutele
press = Pressile
objections = Kuidas esitada vastuväide
tips = Kannatanud ja tunnistajad

## Help that is to come, and files to download

help-later = Siin avaldatakse edaspidi lisaabi.
file-size = Suurus
file-digest = SHA-256 kontrollsumma
file-advice = Enne allalaaditud faili avamist võrrelge selle kontrollsummat siin näidatuga.
size-bytes =
    { $count ->
        [one] { $count } bait
       *[other] { $count } baiti
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-post
phone = Telefon
hours = Vastuvõtuajad

## How to check the notice

check = Teadaande ehtsuse kontrollimine
check-advice = Sellist lehte võib kopeerida igaüks, seega ärge otsustage selle üle välimuse järgi. Sisestage allolev aadress ise ja võrrelge seal avaldatud teadaande numbrit siinsega.
check-at = Väljaandja kinnitus aadressil
notice-id = Teadaande number
valid-from = Kehtib alates
valid-until = Kehtib kuni
review = Määruse järgmine läbivaatamine
check-files = Allkirjastatud tekst, hõlmatud nimed, allkirjad ja nende kontrollimise juhend
check-keys = Asutuste võtmete sõrmejäljed (SHA-256)

## Seals, and where victims turn to

seal = Embleem
lead-agency = Juhtiv asutus
report-crime = Teatage oma riigi politseile
no-more-ransom = Tasuta tööriistad ja nõuanded lunavara ohvritele politseiasutustelt ja turvaettevõtetelt.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = See teadaanne on tagasi võetud
withdrawn-text = Sellel aadressil olnud teadaanne enam ei kehti. Selle avaldanud asutused on selle tagasi võtnud. Nimi antakse tagasi ja võib peagi viia teisele saidile.
withdrawn-on = Tagasi võetud
decision = Otsus
register = Teadaannete register
register-about = Mida on avaldatud, muudetud, tagastatud ja tagasi võetud. Uusim on esimene.
notices = Teadaanded
denials = Bännerid, mis ei ole meie omad
advisories = Ühised hoiatused
dated = Kuupäev
covers = Nimed
given-back = Tagastatud nimed
names-sealed = Hõlmatud, kuid avaldamata nimed
names-more = Muud nimed allkirjastatud tekstis
seen-on = Nähtud
seen-at = Nägemise koht
indicators = Indikaatorid
signed-by = Allkirjastanud
files = Failid
signed-text = Allkirjastatud tekst
log-proof = Tõend logikande kohta
replaced-by = Asendatud teadaandega
withdrawal = Tagasivõtmine
register-check = See leht ei ole allkirjastatud; allkirjastatud on siin loetletud tekstid. Hankige asutuste võtmed asutustelt endilt, salvestage see kataloog ja sisestage:
register-answer = Vastus näitab, kas tekst on ehtne, kas mõni hilisem tekst selles registris selle asendab või tagasi võtab ning kas asutused kinnitavad, et midagi ei puudu.
