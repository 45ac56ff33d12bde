### Interface words of the public pages in Hebrew (he).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = עברית

## The page as a whole

official-notice = הודעה רשמית
skip = מעבר להודעה
languages = שפות
on-this-page = בעמוד זה

## Who, by whose order, when

issued-by = מטעם
order-issuer = ניתן על ידי
order-reference = מספר תיק
order-statute = החוק
seized-on = תאריך התפיסה

## Headings

happened = מה קרה
authority = הבסיס המשפטי
agencies = הרשויות המשתתפות
visitors = מה ניתן לעשות
help = סיוע לנפגעים
press = עיתונות
objections = הגשת התנגדות
tips = נפגעים ועדים

## Help that is to come, and files to download

help-later = סיוע נוסף יפורסם כאן.
file-size = גודל
file-digest = סיכום ביקורת SHA-256
file-advice = לפני פתיחת קובץ שהורד, יש להשוות את סיכום הביקורת שלו לזה המוצג כאן.
size-bytes =
    { $count ->
        [one] { $count } בית
        [two] { $count } בתים
       *[other] { $count } בתים
    }
size-kilobytes = { $count } ק״ב
size-megabytes = { $count } מ״ב

## How to reach someone

email = דוא״ל
phone = טלפון
hours = שעות מענה

## How to check the notice

check = בדיקת אמיתות ההודעה
check-advice = כל אדם יכול להעתיק עמוד כזה, ולכן אין לשפוט אותו לפי מראהו. יש להקליד באופן עצמאי את הכתובת שלהלן ולהשוות את מספר ההודעה המופיע שם למספר זה.
check-at = אישור הגוף המפרסם בכתובת
notice-id = מספר ההודעה
valid-from = בתוקף מיום
valid-until = בתוקף עד
review = הבחינה הבאה של הצו
check-files = הטקסט החתום, השמות הכלולים בו, החתימות והוראות לבדיקתן
check-keys = טביעות המפתחות של הרשויות (SHA-256)

## Seals, and where victims turn to

seal = סמל
lead-agency = הרשות המובילה
report-crime = דיווח למשטרה במדינתכם
no-more-ransom = כלים וייעוץ ללא תשלום לנפגעי תוכנות כופר, מטעם כוחות משטרה וחברות אבטחה.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = הודעה זו בוטלה
withdrawn-text = ההודעה שהוצגה בכתובת זו אינה בתוקף עוד. הרשויות שפרסמו אותה ביטלו אותה. השם מוחזר, וייתכן שבקרוב יוביל לאתר אחר.
withdrawn-on = בוטלה ביום
decision = החלטה
register = מרשם ההודעות
register-about = מה פורסם, תוקן, הוחזר ובוטל. החדש ביותר מופיע ראשון.
notices = הודעות
denials = כרזות שאינן שלנו
advisories = אזהרות משותפות
dated = תאריך
covers = שמות
given-back = שמות שהוחזרו
names-sealed = שמות כלולים שלא פורסמו
names-more = שמות נוספים בטקסט החתום
seen-on = נראתה ביום
seen-at = נראתה בכתובת
indicators = סממנים
signed-by = חתומים על ידי
files = קבצים
signed-text = טקסט חתום
log-proof = הוכחת הרישום ביומן
replaced-by = הוחלפה על ידי
withdrawal = ביטול
register-check = עמוד זה אינו חתום; הטקסטים המפורטים בו חתומים. יש לקבל את מפתחות הרשויות מהרשויות עצמן, לשמור תיקייה זו ולהקליד:
register-answer = התשובה אומרת אם הטקסט אמיתי, אם טקסט מאוחר יותר במרשם זה מחליף או מבטל אותו, ואם הרשויות ערבות לכך שדבר אינו חסר.
