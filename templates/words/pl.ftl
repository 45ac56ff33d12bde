### Interface words of the public pages in Polish (pl).
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

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Ten komunikat został wycofany
withdrawn-text = Komunikat zamieszczony pod tym adresem już nie obowiązuje. Organy, które go opublikowały, wycofały go. Nazwa jest zwracana i wkrótce może prowadzić do innej strony.
withdrawn-on = Wycofany dnia
decision = Decyzja
register = Rejestr komunikatów
register-about = Co opublikowano, zmieniono, zwrócono i wycofano. Najnowsze wpisy są na początku.
notices = Komunikaty
denials = Banery, które nie są nasze
advisories = Wspólne ostrzeżenia
dated = Data
covers = Nazwy
given-back = Zwrócone nazwy
names-sealed = Nazwy objęte, lecz nieopublikowane
names-more = Dalsze nazwy w podpisanym tekście
seen-on = Zauważony dnia
seen-at = Zauważony pod adresem
indicators = Wskaźniki
signed-by = Podpisali
files = Pliki
signed-text = Podpisany tekst
log-proof = Dowód wpisu w dzienniku
replaced-by = Zastąpiony przez
withdrawal = Wycofanie
register-check = Ta strona nie jest podpisana; podpisane są wymienione na niej teksty. Klucze organów należy uzyskać od samych organów, zapisać ten katalog i wpisać:
register-answer = Odpowiedź mówi, czy tekst jest autentyczny, czy późniejszy tekst w tym rejestrze go zastępuje lub wycofuje oraz czy organy ręczą, że niczego nie brakuje.
