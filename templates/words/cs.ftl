### Interface words of the public pages in Czech (cs).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Čeština

## The page as a whole

official-notice = Úřední oznámení
skip = Přejít k oznámení
languages = Jazyky
on-this-page = Na této stránce

## Who, by whose order, when

issued-by = Vydal
order-issuer = Nařídil
order-reference = Spisová značka
order-statute = Zákon
seized-on = Datum zajištění

## Headings

happened = Co se stalo
authority = Právní základ
agencies = Zúčastněné orgány
visitors = Co můžete udělat
help = Pomoc pro poškozené
press = Pro média
objections = Jak podat námitku
tips = Poškození a svědci

## Help that is to come, and files to download

help-later = Další pomoc bude zveřejněna zde.
file-size = Velikost
file-digest = Kontrolní součet SHA-256
file-advice = Před otevřením staženého souboru porovnejte jeho kontrolní součet s tím, který je uveden zde.
size-bytes =
    { $count ->
        [one] { $count } bajt
        [few] { $count } bajty
        [many] { $count } bajtu
       *[other] { $count } bajtů
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefon
hours = Provozní doba

## How to check the notice

check = Ověření pravosti tohoto oznámení
check-advice = Takovou stránku může napodobit kdokoli, neposuzujte ji proto podle vzhledu. Níže uvedenou adresu zadejte sami a porovnejte číslo oznámení, které tam najdete, s tímto číslem.
check-at = Potvrzeno vydavatelem na adrese
notice-id = Číslo oznámení
valid-from = Platí od
valid-until = Platí do
review = Příští přezkum příkazu
check-files = Podepsaný text, dotčená jména, podpisy a návod k jejich ověření
check-keys = Otisky klíčů orgánů (SHA-256)

## Seals, and where victims turn to

seal = Znak
lead-agency = Vedoucí orgán
report-crime = Nahlaste to policii ve své zemi
no-more-ransom = Bezplatné nástroje a rady pro oběti vyděračského softwaru od policejních sborů a bezpečnostních firem.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Toto oznámení bylo odvoláno
withdrawn-text = Oznámení zveřejněné na této adrese již neplatí. Orgány, které je zveřejnily, je odvolaly. Jméno se vrací a může brzy vést na jiné stránky.
withdrawn-on = Odvoláno dne
decision = Rozhodnutí
register = Rejstřík oznámení
register-about = Co bylo zveřejněno, změněno, vráceno a odvoláno. Nejnovější je první.
notices = Oznámení
denials = Bannery, které nejsou naše
advisories = Společná upozornění
dated = Datum
covers = Jména
given-back = Vrácená jména
names-sealed = Dotčená, ale nezveřejněná jména
names-more = Další jména v podepsaném textu
seen-on = Spatřeno dne
seen-at = Spatřeno na adrese
indicators = Indikátory
signed-by = Podepsáno klíči
files = Soubory
signed-text = Podepsaný text
log-proof = Důkaz o zápisu v protokolu
replaced-by = Nahrazeno oznámením
withdrawal = Odvolání
register-check = Tato stránka podepsána není; podepsány jsou texty, které uvádí. Získejte klíče orgánů přímo od nich, uložte si tento adresář a zadejte:
register-answer = Odpověď říká, zda je text pravý, zda jej pozdější text v tomto rejstříku nahrazuje nebo odvolává a zda orgány ručí za to, že nic nechybí.
