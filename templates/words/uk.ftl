### Interface words of the public pages in Ukrainian (uk).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Українська

## The page as a whole

official-notice = Офіційне повідомлення
skip = Перейти до повідомлення
languages = Мови
on-this-page = На цій сторінці

## Who, by whose order, when

issued-by = Оприлюднено
order-issuer = Ким винесено
order-reference = Номер справи
order-statute = Закон
seized-on = Дата вилучення

## Headings

happened = Що сталося
authority = Правова підстава
agencies = Відомства-учасники
visitors = Що ви можете зробити
help = Допомога постраждалим
press = Для преси
objections = Як подати заперечення
tips = Потерпілим і свідкам

## Help that is to come, and files to download

help-later = Додаткову допомогу буде оприлюднено тут.
file-size = Розмір
file-digest = Контрольна сума SHA-256
file-advice = Перш ніж відкрити завантажений файл, порівняйте його контрольну суму із зазначеною тут.
size-bytes =
    { $count ->
        [one] { $count } байт
        [few] { $count } байти
        [many] { $count } байтів
       *[other] { $count } байта
    }
size-kilobytes = { $count } кБ
size-megabytes = { $count } МБ

## How to reach someone

email = Електронна пошта
phone = Телефон
hours = Години роботи

## How to check the notice

check = Як перевірити справжність повідомлення
check-advice = Таку сторінку може скопіювати будь-хто, тому не судіть про неї за виглядом. Введіть наведену нижче адресу самостійно й порівняйте номер повідомлення, який там зазначено, із цим номером.
check-at = Підтвердження на сайті відомства
notice-id = Номер повідомлення
valid-from = Чинне з
valid-until = Чинне до
review = Наступний перегляд рішення
check-files = Підписаний текст, перелік доменних імен, підписи та порядок їх перевірки
check-keys = Відбитки ключів відомств (SHA-256)

## Seals, and where victims turn to

seal = Емблема
lead-agency = Провідне відомство
report-crime = Повідомте поліцію своєї країни
no-more-ransom = Безкоштовні інструменти й поради постраждалим від програм-вимагачів від поліцейських служб і компаній у сфері безпеки.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Це повідомлення відкликано
withdrawn-text = Повідомлення, розміщене за цією адресою, більше не чинне. Відомства, які його оприлюднили, відкликали його. Доменне ім’я повертається й незабаром може вести на інший сайт.
withdrawn-on = Дата відкликання
decision = Рішення
register = Реєстр повідомлень
register-about = Що було оприлюднено, змінено, повернено та відкликано. Найновіше стоїть першим.
notices = Повідомлення
denials = Банери, які не належать нам
advisories = Спільні попередження
dated = Дата
covers = Імена
given-back = Повернені імена
names-sealed = Охоплені, але не оприлюднені імена
names-more = Інші імена в підписаному тексті
seen-on = Дата виявлення
seen-at = Місце виявлення
indicators = Індикатори
signed-by = Ким підписано
files = Файли
signed-text = Підписаний текст
log-proof = Доказ запису в журналі
replaced-by = Замінено на
withdrawal = Відкликання
register-check = Ця сторінка не підписана; підписані тексти, які на ній перелічено. Отримайте ключі відомств у самих відомств, збережіть цей каталог і введіть:
register-answer = Відповідь показує, чи справжній текст, чи замінює або відкликає його пізніший текст у цьому реєстрі та чи ручаються відомства, що нічого не бракує.
