### Interface words of the public pages in Persian (fa).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = فارسی

## The page as a whole

official-notice = اطلاعیهٔ رسمی
skip = رفتن به متن اطلاعیه
languages = زبان‌ها
on-this-page = در این صفحه

## Who, by whose order, when

issued-by = صادرکننده
order-issuer = مقام صادرکنندهٔ حکم
order-reference = شمارهٔ پرونده
order-statute = قانون
seized-on = تاریخ توقیف

## Headings

happened = چه رخ داده است
authority = مبنای قانونی
agencies = نهادهای همکار
visitors = چه می‌توانید بکنید
help = کمک به آسیب‌دیدگان
press = رسانه‌ها
objections = شیوهٔ اعتراض
tips = قربانیان و شاهدان

## Help that is to come, and files to download

help-later = راه‌های دیگر کمک در همین‌جا منتشر خواهد شد.
file-size = اندازه
file-digest = سرجمع وارسی SHA-256
file-advice = پیش از باز کردن هر پروندهٔ دریافت‌شده، سرجمع وارسی آن را با آنچه در این‌جا آمده است مقایسه کنید.
size-bytes =
    { $count ->
        [one] { $count } بایت
       *[other] { $count } بایت
    }
size-kilobytes = { $count } کیلوبایت
size-megabytes = { $count } مگابایت

## How to reach someone

email = رایانامه
phone = تلفن
hours = ساعات پاسخ‌گویی

## How to check the notice

check = بررسی اصالت این اطلاعیه
check-advice = هر کسی می‌تواند از چنین صفحه‌ای رونوشت بسازد؛ پس از روی ظاهر آن داوری نکنید. نشانی زیر را خودتان وارد کنید و شمارهٔ اطلاعیه‌ای را که در آن‌جا می‌یابید با این شماره مقایسه کنید.
check-at = تأیید صادرکننده در نشانی
notice-id = شمارهٔ اطلاعیه
valid-from = معتبر از
valid-until = معتبر تا
review = بازبینی بعدی حکم
check-files = متن امضاشده، نام‌های مشمول، امضاها و راهنمای بررسی آن‌ها
check-keys = اثر انگشت کلیدهای نهادها (SHA-256)

## Seals, and where victims turn to

seal = نشان
lead-agency = نهاد راهبر
report-crime = گزارش به پلیس کشور خود
no-more-ransom = ابزارها و راهنمایی رایگان برای قربانیان باج‌افزار، از سوی نیروهای پلیس و شرکت‌های امنیتی.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = این اطلاعیه پس گرفته شده است
withdrawn-text = اطلاعیه‌ای که در این نشانی بود دیگر معتبر نیست. نهادهایی که آن را منتشر کرده بودند آن را پس گرفته‌اند. نام دامنه در حال بازگرداندن است و ممکن است به‌زودی به وبگاه دیگری برسد.
withdrawn-on = تاریخ پس‌گرفتن
decision = تصمیم
register = فهرست اطلاعیه‌ها
register-about = آنچه منتشر، اصلاح، بازگردانده و پس گرفته شده است. تازه‌ترین در آغاز است.
notices = اطلاعیه‌ها
denials = بنرهایی که از ما نیستند
advisories = هشدارهای مشترک
dated = تاریخ
covers = نام‌ها
given-back = نام‌های بازگردانده‌شده
names-sealed = نام‌های مشمول منتشرنشده
names-more = نام‌های بیشتر در متن امضاشده
seen-on = تاریخ مشاهده
seen-at = محل مشاهده
indicators = شاخص‌ها
signed-by = امضاکنندگان
files = پرونده‌ها
signed-text = متن امضاشده
log-proof = گواه ثبت در دفتر رویدادها
replaced-by = جایگزین‌شده با
withdrawal = پس‌گرفتن
register-check = این صفحه امضا نشده است؛ متن‌هایی که در آن فهرست شده‌اند امضا دارند. کلیدهای نهادها را از خود نهادها بگیرید، این پوشه را ذخیره کنید و وارد کنید:
register-answer = پاسخ می‌گوید که آیا متن اصیل است، آیا متن بعدی در این فهرست جایگزین آن می‌شود یا آن را پس می‌گیرد، و آیا نهادها تضمین می‌کنند که چیزی کم نیست.
