### Interface words of the public pages in Maltese (mt).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Malti

## The page as a whole

official-notice = Avviż uffiċjali
skip = Mur għall-avviż
languages = Lingwi
on-this-page = F’din il-paġna

## Who, by whose order, when

issued-by = Maħruġ minn
order-issuer = Ordnat minn
order-reference = Referenza
order-statute = Liġi
seized-on = Data tal-qbid

## Headings

happened = X’ġara
authority = Bażi legali
agencies = Awtoritajiet parteċipanti
visitors = X’tista’ tagħmel
help = Għajnuna għal min intlaqat
press = Stampa
objections = Kif toġġezzjona
tips = Vittmi u xhieda

## Help that is to come, and files to download

help-later = Aktar għajnuna se tiġi ppubblikata hawnhekk.
file-size = Daqs
file-digest = Somma ta’ kontroll SHA-256
file-advice = Qabel tiftaħ fajl imniżżel, qabbel is-somma ta’ kontroll tiegħu ma’ dik murija hawnhekk.
size-bytes =
    { $count ->
        [one] { $count } byte
        [two] { $count } bytes
        [few] { $count } bytes
        [many] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Posta elettronika
phone = Telefon
hours = Ħinijiet

## How to check the notice

check = Iċċekkja li dan l-avviż huwa ġenwin
check-advice = Kulħadd jista’ jikkopja paġna bħal din, għalhekk tiġġudikahiex mid-dehra tagħha. Ittajpja int stess l-indirizz t’hawn taħt, u qabbel in-numru tal-avviż li ssib hemmhekk ma’ dan in-numru.
check-at = Ikkonfermat mill-emittent fuq
notice-id = Numru tal-avviż
valid-from = Validu minn
valid-until = Validu sa
review = Ir-rieżami li jmiss tal-ordni
check-files = It-test iffirmat, l-ismijiet koperti, il-firem u l-istruzzjonijiet għall-verifika tagħhom
check-keys = Marki tas-swaba’ taċ-ċwievet tal-awtoritajiet (SHA-256)

## Seals, and where victims turn to

seal = Emblema
lead-agency = L-awtorità ewlenija
report-crime = Irrapporta lill-pulizija f’pajjiżek
no-more-ransom = Għodod u pariri b’xejn għall-vittmi tar-ransomware, minn korpi tal-pulizija u kumpaniji tas-sigurtà.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Dan l-avviż ġie rtirat
withdrawn-text = L-avviż li kien f’dan l-indirizz m’għadux fis-seħħ. L-awtoritajiet li kienu ppubblikawh irtirawh. L-isem qed jingħata lura u dalwaqt jista’ jwassal għal sit ieħor.
withdrawn-on = Irtirat fi
decision = Deċiżjoni
register = Reġistru tal-avviżi
register-about = Dak li ġie ppubblikat, emendat, mogħti lura u rtirat. L-aktar riċenti jidher l-ewwel.
notices = Avviżi
denials = Bandalori li mhumiex tagħna
advisories = Twissijiet konġunti
dated = Data
covers = Ismijiet
given-back = Ismijiet mogħtija lura
names-sealed = Ismijiet koperti iżda mhux ippubblikati
names-more = Ismijiet oħra fit-test iffirmat
seen-on = Deher fi
seen-at = Deher f’dan l-indirizz
indicators = Indikaturi
signed-by = Iffirmat minn
files = Fajls
signed-text = Test iffirmat
log-proof = Prova tal-entrata fir-reġistru tekniku
replaced-by = Mibdul bi
withdrawal = Irtirar
register-check = Din il-paġna mhijiex iffirmata; it-testi li telenka huma. Ikseb iċ-ċwievet tal-awtoritajiet mill-awtoritajiet stess, issejvja dan id-direttorju u daħħal:
register-answer = It-tweġiba tgħid jekk it-test hux ġenwin, jekk wieħed aktar tard f’dan ir-reġistru jibdlux jew jirtirahx, u jekk l-awtoritajiet jiggarantixxux li ma hemm xejn nieqes.
