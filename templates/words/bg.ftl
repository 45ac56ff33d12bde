### Interface words of the public pages in Bulgarian (bg).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Български

## The page as a whole

official-notice = Официално съобщение
skip = Към текста на съобщението
languages = Езици
on-this-page = На тази страница

## Who, by whose order, when

issued-by = Издадено от
order-issuer = Разпоредено от
order-reference = Номер на делото
order-statute = Закон
seized-on = Дата на изземването

## Headings

happened = Какво се случи
authority = Правно основание
agencies = Участващи органи
visitors = Какво можете да направите
help = Помощ за засегнатите
press = За медиите
objections = Как се подава възражение
tips = Пострадали и свидетели

## Help that is to come, and files to download

help-later = Тук ще бъде публикувана допълнителна помощ.
file-size = Размер
file-digest = Контролна сума SHA-256
file-advice = Преди да отворите изтеглен файл, сравнете контролната му сума с посочената тук.
size-bytes =
    { $count ->
        [one] { $count } байт
       *[other] { $count } байта
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Електронна поща
phone = Телефон
hours = Работно време

## How to check the notice

check = Проверка на автентичността на това съобщение
check-advice = Всеки може да копира страница като тази, затова не съдете за нея по външния ѝ вид. Въведете сами адреса по-долу и сравнете номера на съобщението, посочен там, с този номер.
check-at = Потвърдено от издателя на адрес
notice-id = Номер на съобщението
valid-from = Валидно от
valid-until = Валидно до
review = Следващ преглед на разпореждането
check-files = Подписаният текст, обхванатите имена, подписите и указания за проверката им
check-keys = Отпечатъци на ключовете на органите (SHA-256)

## Seals, and where victims turn to

seal = Емблема
lead-agency = Водещ орган
report-crime = Подайте сигнал до полицията във вашата държава
no-more-ransom = Безплатни инструменти и съвети за пострадалите от софтуер за изнудване, от полицейски служби и дружества за сигурност.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Това съобщение е оттеглено
withdrawn-text = Съобщението, публикувано на този адрес, вече не е в сила. Органите, които го публикуваха, го оттеглиха. Името се връща и скоро може да води към друг сайт.
withdrawn-on = Оттеглено на
decision = Решение
register = Регистър на съобщенията
register-about = Какво е публикувано, изменено, върнато и оттеглено. Най-новото е първо.
notices = Съобщения
denials = Банери, които не са наши
advisories = Съвместни предупреждения
dated = Дата
covers = Имена
given-back = Върнати имена
names-sealed = Обхванати, но непубликувани имена
names-more = Още имена в подписания текст
seen-on = Видян на
seen-at = Видян на адрес
indicators = Индикатори
signed-by = Подписано от
files = Файлове
signed-text = Подписан текст
log-proof = Доказателство за вписването в дневника
replaced-by = Заменено с
withdrawal = Оттегляне
register-check = Тази страница не е подписана; подписани са текстовете, които тя изброява. Вземете ключовете на органите от самите органи, запазете тази директория и въведете:
register-answer = Отговорът показва дали текстът е автентичен, дали по-късен текст в този регистър го заменя или оттегля и дали органите гарантират, че нищо не липсва.
