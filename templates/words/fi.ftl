### Interface words of the notice page in Finnish (fi).
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
