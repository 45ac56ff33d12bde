### Interface words of the notice page in Polish (pl).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Polski

## The page as a whole

official-notice = Komunikat urzędowy
skip = Przejdź do komunikatu
languages = Języki
on-this-page = Na tej stronie

## Who, by whose order, when

issued-by = Wydany przez
order-issuer = Zarządził(a)
order-reference = Sygnatura
order-statute = Ustawa
seized-on = Data zajęcia

## Headings

happened = Co się wydarzyło
authority = Podstawa prawna
agencies = Uczestniczące organy
visitors = Co można zrobić
help = Pomoc dla poszkodowanych
press = Dla prasy
objections = Jak wnieść sprzeciw
tips = Pokrzywdzeni i świadkowie

## Help that is to come, and files to download

help-later = Dalsza pomoc zostanie opublikowana w tym miejscu.
file-size = Rozmiar
file-digest = Suma kontrolna SHA-256
file-advice = Przed otwarciem pobranego pliku należy porównać jego sumę kontrolną z podaną tutaj.
size-bytes =
    { $count ->
        [one] { $count } bajt
        [few] { $count } bajty
        [many] { $count } bajtów
       *[other] { $count } bajta
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-mail
phone = Telefon
hours = Godziny

## How to check the notice

check = Jak sprawdzić autentyczność komunikatu
check-advice = Stronę taką jak ta może skopiować każdy, dlatego nie należy oceniać jej po wyglądzie. Proszę samodzielnie wpisać poniższy adres i porównać podany tam numer komunikatu z tym numerem.
check-at = Potwierdzenie wydającego pod adresem
notice-id = Numer komunikatu
valid-from = Ważny od
valid-until = Ważny do
review = Następna kontrola postanowienia
check-files = Podpisany tekst, objęte nim nazwy, podpisy oraz instrukcja ich sprawdzenia
check-keys = Odciski kluczy organów (SHA-256)

## Seals, and where victims turn to

seal = Emblemat
lead-agency = Organ wiodący
report-crime = Zgłoszenie na policję w swoim kraju
no-more-ransom = Bezpłatne narzędzia i porady dla ofiar oprogramowania wymuszającego okup, od służb policyjnych i firm zajmujących się bezpieczeństwem.
