### Interface words of the public pages in Latvian (lv).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Latviešu

## The page as a whole

official-notice = Oficiāls paziņojums
skip = Pāriet uz paziņojumu
languages = Valodas
on-this-page = Šajā lapā

## Who, by whose order, when

issued-by = Izdevējs
order-issuer = Lēmuma pieņēmējs
order-reference = Lietas numurs
order-statute = Likums
seized-on = Izņemšanas datums

## Headings

happened = Kas noticis
authority = Juridiskais pamats
agencies = Iesaistītās iestādes
visitors = Ko jūs varat darīt
help = Palīdzība cietušajiem
press = Presei
objections = Kā iesniegt iebildumus
tips = Cietušie un liecinieki

## Help that is to come, and files to download

help-later = Šeit tiks publicēta papildu palīdzība.
file-size = Izmērs
file-digest = SHA-256 kontrolsumma
file-advice = Pirms lejupielādēta faila atvēršanas salīdziniet tā kontrolsummu ar šeit norādīto.
size-bytes =
    { $count ->
        [zero] { $count } baitu
        [one] { $count } baits
       *[other] { $count } baiti
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-pasts
phone = Tālrunis
hours = Darba laiks

## How to check the notice

check = Kā pārbaudīt paziņojuma īstumu
check-advice = Šādu lapu var nokopēt ikviens, tāpēc nevērtējiet to pēc izskata. Paši ievadiet tālāk norādīto adresi un salīdziniet tur atrodamā paziņojuma numuru ar šo numuru.
check-at = Izdevēja apstiprinājums adresē
notice-id = Paziņojuma numurs
valid-from = Spēkā no
valid-until = Spēkā līdz
review = Lēmuma nākamā pārskatīšana
check-files = Parakstītais teksts, ietvertie nosaukumi, paraksti un norādījumi to pārbaudei
check-keys = Iestāžu atslēgu nospiedumi (SHA-256)

## Seals, and where victims turn to

seal = Emblēma
lead-agency = Vadošā iestāde
report-crime = Ziņojiet savas valsts policijai
no-more-ransom = Bezmaksas rīki un padomi izspiedējprogrammatūras upuriem no policijas dienestiem un drošības uzņēmumiem.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Šis paziņojums ir atsaukts
withdrawn-text = Paziņojums, kas atradās šajā adresē, vairs nav spēkā. Iestādes, kas to bija publicējušas, to ir atsaukušas. Nosaukums tiek atdots un drīz var vest uz citu vietni.
withdrawn-on = Atsaukts
decision = Nolēmums
register = Paziņojumu reģistrs
register-about = Kas ir publicēts, grozīts, atdots un atsaukts. Jaunākais ir pirmais.
notices = Paziņojumi
denials = Reklāmkarogi, kas nav mūsu
advisories = Kopīgi brīdinājumi
dated = Datums
covers = Nosaukumi
given-back = Atdotie nosaukumi
names-sealed = Ietvertie, bet nepublicētie nosaukumi
names-more = Citi nosaukumi parakstītajā tekstā
seen-on = Novērots
seen-at = Novērots adresē
indicators = Indikatori
signed-by = Parakstījuši
files = Datnes
signed-text = Parakstīts teksts
log-proof = Pierādījums par ierakstu žurnālā
replaced-by = Aizstāts ar
withdrawal = Atsaukums
register-check = Šī lapa nav parakstīta; parakstīti ir tajā uzskaitītie teksti. Iegūstiet iestāžu atslēgas no pašām iestādēm, saglabājiet šo mapi un ievadiet:
register-answer = Atbilde parāda, vai teksts ir īsts, vai kāds vēlāks teksts šajā reģistrā to aizstāj vai atsauc un vai iestādes apliecina, ka nekā netrūkst.
