### Interface words of the public pages in Finnish (fi).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Suomi

## The page as a whole

official-notice = Virallinen ilmoitus
skip = Siirry ilmoitukseen
languages = Kielet
on-this-page = Tällä sivulla

## Who, by whose order, when

issued-by = Ilmoituksen antaja
order-issuer = Määräyksen antaja
order-reference = Asianumero
order-statute = Laki
seized-on = Takavarikon päivämäärä

## Headings

happened = Mitä on tapahtunut
authority = Oikeusperuste
agencies = Osallistuvat viranomaiset
visitors = Mitä voitte tehdä
help = Apua vahingon kärsineille
press = Tiedotusvälineille
objections = Miten vastustaa toimenpidettä
tips = Uhrit ja todistajat

## Help that is to come, and files to download

help-later = Lisäapua julkaistaan tällä sivulla.
file-size = Koko
file-digest = SHA-256-tarkistussumma
file-advice = Ennen kuin avaatte ladatun tiedoston, verratkaa sen tarkistussummaa tässä ilmoitettuun.
size-bytes =
    { $count ->
        [one] { $count } tavu
       *[other] { $count } tavua
    }
size-kilobytes = { $count } kt
size-megabytes = { $count } Mt

## How to reach someone

email = Sähköposti
phone = Puhelin
hours = Palveluajat

## How to check the notice

check = Tarkistakaa ilmoituksen aitous
check-advice = Kuka tahansa voi jäljentää tällaisen sivun, joten älkää luottako sen ulkoasuun. Kirjoittakaa alla oleva osoite itse ja verratkaa siellä olevan ilmoituksen numeroa tähän numeroon.
check-at = Antajan vahvistus osoitteessa
notice-id = Ilmoituksen numero
valid-from = Voimassaolo alkaa
valid-until = Voimassaolo päättyy
review = Määräyksen seuraava tarkistus
check-files = Allekirjoitettu teksti, sen kattamat nimet, allekirjoitukset ja ohjeet niiden tarkistamiseen
check-keys = Viranomaisten avainten sormenjäljet (SHA-256)

## Seals, and where victims turn to

seal = Tunnus
lead-agency = Johtava viranomainen
report-crime = Ilmoittakaa oman maanne poliisille
no-more-ransom = Maksuttomia työkaluja ja neuvoja kiristysohjelmien uhreille poliisiviranomaisilta ja tietoturvayrityksiltä.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Tämä ilmoitus on peruttu
withdrawn-text = Tässä osoitteessa ollut ilmoitus ei ole enää voimassa. Sen julkaisseet viranomaiset ovat peruneet sen. Nimi palautetaan, ja se voi pian johtaa toiselle sivustolle.
withdrawn-on = Peruttu
decision = Päätös
register = Ilmoitusten rekisteri
register-about = Mitä on julkaistu, muutettu, palautettu ja peruttu. Uusin on ensimmäisenä.
notices = Ilmoitukset
denials = Ilmoituskuvat, jotka eivät ole meidän
advisories = Yhteiset varoitukset
dated = Päivämäärä
covers = Nimet
given-back = Palautetut nimet
names-sealed = Katetut nimet, joita ei ole julkaistu
names-more = Muita nimiä allekirjoitetussa tekstissä
seen-on = Nähty
seen-at = Havaintopaikka
indicators = Tunnisteet
signed-by = Allekirjoittajat
files = Tiedostot
signed-text = Allekirjoitettu teksti
log-proof = Todiste lokimerkinnästä
replaced-by = Korvattu ilmoituksella
withdrawal = Peruutus
register-check = Tätä sivua ei ole allekirjoitettu, mutta sen luettelemat tekstit on. Hankkikaa viranomaisten avaimet viranomaisilta itseltään, tallentakaa tämä hakemisto ja kirjoittakaa:
register-answer = Vastaus kertoo, onko teksti aito, korvaako tai peruuko sen jokin myöhempi tässä rekisterissä ja vakuuttavatko viranomaiset, ettei mitään puutu.
