### Interface words of the public pages in Russian (ru).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Русский

## The page as a whole

official-notice = Официальное уведомление
skip = Перейти к уведомлению
languages = Языки
on-this-page = На этой странице

## Who, by whose order, when

issued-by = Опубликовано
order-issuer = Кем вынесено
order-reference = Номер дела
order-statute = Закон
seized-on = Дата изъятия

## Headings

happened = Что произошло
authority = Правовое основание
agencies = Участвующие ведомства
visitors = Что вы можете сделать
help = Помощь пострадавшим
press = Для прессы
objections = Как подать возражение
tips = Потерпевшим и свидетелям

## Help that is to come, and files to download

help-later = Дополнительная помощь будет опубликована здесь.
file-size = Размер
file-digest = Контрольная сумма SHA-256
file-advice = Прежде чем открыть загруженный файл, сравните его контрольную сумму с указанной здесь.
size-bytes =
    { $count ->
        [one] { $count } байт
        [few] { $count } байта
        [many] { $count } байт
       *[other] { $count } байта
    }
size-kilobytes = { $count } кБ
size-megabytes = { $count } МБ

## How to reach someone

email = Электронная почта
phone = Телефон
hours = Часы работы

## How to check the notice

check = Как проверить подлинность уведомления
check-advice = Такую страницу может скопировать кто угодно, поэтому не судите о ней по внешнему виду. Введите указанный ниже адрес сами и сравните приведённый там номер уведомления с этим номером.
check-at = Подтверждение на сайте ведомства
notice-id = Номер уведомления
valid-from = Действует с
valid-until = Действует до
review = Следующий пересмотр решения
check-files = Подписанный текст, перечень доменных имён, подписи и порядок их проверки
check-keys = Отпечатки ключей ведомств (SHA-256)

## Seals, and where victims turn to

seal = Эмблема
lead-agency = Ведущее ведомство
report-crime = Сообщите в полицию своей страны
no-more-ransom = Бесплатные инструменты и советы пострадавшим от программ-вымогателей от полицейских служб и компаний в сфере безопасности.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Это уведомление отозвано
withdrawn-text = Уведомление, размещённое по этому адресу, больше не действует. Опубликовавшие его ведомства отозвали его. Доменное имя возвращается и вскоре может вести на другой сайт.
withdrawn-on = Дата отзыва
decision = Решение
register = Реестр уведомлений
register-about = Что было опубликовано, изменено, возвращено и отозвано. Новое стоит первым.
notices = Уведомления
denials = Баннеры, которые не принадлежат нам
advisories = Совместные предупреждения
dated = Дата
covers = Имена
given-back = Возвращённые имена
names-sealed = Охваченные, но не опубликованные имена
names-more = Другие имена в подписанном тексте
seen-on = Дата обнаружения
seen-at = Место обнаружения
indicators = Индикаторы
signed-by = Кем подписано
files = Файлы
signed-text = Подписанный текст
log-proof = Доказательство записи в журнале
replaced-by = Заменено на
withdrawal = Отзыв
register-check = Эта страница не подписана; подписаны перечисленные на ней тексты. Получите ключи ведомств у самих ведомств, сохраните этот каталог и введите:
register-answer = Ответ показывает, подлинный ли это текст, заменяет или отзывает ли его более поздний текст в этом реестре и ручаются ли ведомства, что ничего не пропущено.
