### Interface words of the public pages in Arabic (ar).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = العربية

## The page as a whole

official-notice = إشعار رسمي
skip = الانتقال إلى نص الإشعار
languages = اللغات
on-this-page = في هذه الصفحة

## Who, by whose order, when

issued-by = صادر عن
order-issuer = صاحب الأمر
order-reference = الرقم المرجعي
order-statute = القانون
seized-on = تاريخ الضبط

## Headings

happened = ما الذي حدث
authority = السند القانوني
agencies = الجهات المشاركة
visitors = ما الذي يمكنك فعله
help = مساعدة المتضررين
press = الصحافة
objections = كيفية الاعتراض
tips = الضحايا والشهود

## Help that is to come, and files to download

help-later = ستُنشر هنا وسائل مساعدة أخرى.
file-size = الحجم
file-digest = المجموع الاختباري SHA-256
file-advice = قبل فتح أي ملف يتم تنزيله، يُرجى مقارنة مجموعه الاختباري بالمجموع المبيّن هنا.
size-bytes =
    { $count ->
        [zero] { $count } بايت
        [one] { $count } بايت
        [two] { $count } بايت
        [few] { $count } بايتات
        [many] { $count } بايتًا
       *[other] { $count } بايت
    }
size-kilobytes = { $count } كيلوبايت
size-megabytes = { $count } ميغابايت

## How to reach someone

email = البريد الإلكتروني
phone = الهاتف
hours = أوقات الاتصال

## How to check the notice

check = التحقق من صحة هذا الإشعار
check-advice = يمكن لأي شخص أن ينسخ صفحة كهذه، فلا تحكم عليها من مظهرها. اكتب العنوان أدناه بنفسك، وقارن رقم الإشعار الذي تجده هناك بهذا الرقم.
check-at = تأكيد الجهة المُصدرة على العنوان
notice-id = رقم الإشعار
valid-from = ساري المفعول من
valid-until = ساري المفعول حتى
review = المراجعة القادمة للأمر
check-files = النص الموقَّع والأسماء المشمولة والتوقيعات وتعليمات التحقق منها
check-keys = بصمات مفاتيح الجهات المشاركة (SHA-256)

## Seals, and where victims turn to

seal = الشعار
lead-agency = الجهة القائدة
report-crime = إبلاغ الشرطة في بلدك
no-more-ransom = أدوات ونصائح مجانية لضحايا برامج الفدية، تقدمها أجهزة الشرطة وشركات الأمن.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = سُحب هذا الإشعار
withdrawn-text = الإشعار الذي كان منشورًا على هذا العنوان لم يعد ساريًا. وقد سحبته السلطات التي نشرته. ويجري رد اسم النطاق، وقد يقود قريبًا إلى موقع آخر.
withdrawn-on = تاريخ السحب
decision = القرار
register = سجل الإشعارات
register-about = ما نُشر وعُدّل ورُدّ وسُحب. الأحدث أولًا.
notices = الإشعارات
denials = لافتات ليست لنا
advisories = التنبيهات المشتركة
dated = التاريخ
covers = الأسماء
given-back = أسماء رُدّت إلى أصحابها
names-sealed = أسماء مشمولة غير منشورة
names-more = أسماء أخرى في النص الموقَّع
seen-on = شوهدت في
seen-at = مكان المشاهدة
indicators = المؤشرات
signed-by = الموقّعون
files = الملفات
signed-text = النص الموقَّع
log-proof = إثبات القيد في السجل التقني
replaced-by = حلّ محله
withdrawal = سحب
register-check = هذه الصفحة غير موقَّعة، أما النصوص المدرجة فيها فموقَّعة. احصل على مفاتيح الجهات من الجهات نفسها، واحفظ هذا المجلد، ثم أدخل:
register-answer = تبيّن الإجابة ما إذا كان النص صحيحًا، وما إذا كان نص لاحق في هذا السجل يحل محله أو يسحبه، وما إذا كانت الجهات تضمن أنه لا ينقص شيء.
