### Interface words of the public pages in Thai (th).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = ไทย

## The page as a whole

official-notice = ประกาศทางราชการ
skip = ข้ามไปที่เนื้อหาประกาศ
languages = ภาษา
on-this-page = ในหน้านี้

## Who, by whose order, when

issued-by = ออกโดย
order-issuer = ออกคำสั่งโดย
order-reference = เลขที่อ้างอิง
order-statute = กฎหมาย
seized-on = วันที่ยึด

## Headings

happened = เกิดอะไรขึ้น
authority = ฐานอำนาจตามกฎหมาย
agencies = หน่วยงานที่เข้าร่วม
visitors = สิ่งที่ท่านทำได้
help = ความช่วยเหลือสำหรับผู้ได้รับผลกระทบ
press = สำหรับสื่อมวลชน
objections = วิธียื่นคำคัดค้าน
tips = ผู้เสียหายและพยาน

## Help that is to come, and files to download

help-later = ความช่วยเหลือเพิ่มเติมจะเผยแพร่ที่นี่
file-size = ขนาด
file-digest = ค่าตรวจสอบ SHA-256
file-advice = ก่อนเปิดไฟล์ที่ดาวน์โหลด โปรดเปรียบเทียบค่าตรวจสอบของไฟล์กับค่าที่แสดงไว้ที่นี่
size-bytes = { $count } ไบต์
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = อีเมล
phone = โทรศัพท์
hours = เวลาทำการ

## How to check the notice

check = ตรวจสอบว่าประกาศนี้เป็นของแท้
check-advice = ใครก็สามารถคัดลอกหน้าเว็บเช่นนี้ได้ จึงไม่ควรตัดสินจากรูปลักษณ์ โปรดพิมพ์ที่อยู่ด้านล่างด้วยตนเอง แล้วเปรียบเทียบเลขที่ประกาศที่พบที่นั่นกับเลขที่นี้
check-at = ยืนยันโดยผู้ออกประกาศที่
notice-id = เลขที่ประกาศ
valid-from = มีผลตั้งแต่
valid-until = มีผลถึง
review = การทบทวนคำสั่งครั้งถัดไป
check-files = ข้อความที่ลงลายมือชื่อ ชื่อที่อยู่ในขอบเขต ลายมือชื่อ และวิธีตรวจสอบ
check-keys = ลายพิมพ์กุญแจของหน่วยงาน (SHA-256)

## Seals, and where victims turn to

seal = ตราสัญลักษณ์
lead-agency = หน่วยงานหลัก
report-crime = แจ้งความต่อตำรวจในประเทศของท่าน
no-more-ransom = เครื่องมือและคำแนะนำโดยไม่คิดค่าใช้จ่ายสำหรับผู้เสียหายจากมัลแวร์เรียกค่าไถ่ จากหน่วยงานตำรวจและบริษัทด้านความปลอดภัย

## A notice that was withdrawn, and the public register of notices

withdrawn-title = ประกาศนี้ถูกเพิกถอนแล้ว
withdrawn-text = ประกาศที่เคยอยู่ ณ ที่อยู่นี้ไม่มีผลใช้บังคับอีกต่อไป หน่วยงานที่เผยแพร่ได้เพิกถอนประกาศแล้ว ชื่อโดเมนนี้อยู่ระหว่างการส่งคืน และอาจนำไปสู่เว็บไซต์อื่นในไม่ช้า
withdrawn-on = วันที่เพิกถอน
decision = คำวินิจฉัย
register = ทะเบียนประกาศ
register-about = สิ่งที่ได้เผยแพร่ แก้ไข ส่งคืน และเพิกถอน รายการล่าสุดอยู่บนสุด
notices = ประกาศ
denials = ป้ายที่ไม่ใช่ของหน่วยงาน
advisories = คำเตือนร่วม
dated = วันที่
covers = ชื่อ
given-back = ชื่อที่ส่งคืนแล้ว
names-sealed = จำนวนชื่อที่อยู่ในขอบเขตแต่ไม่เปิดเผย
names-more = จำนวนชื่ออื่นในข้อความที่ลงลายมือชื่อ
seen-on = วันที่พบ
seen-at = สถานที่พบ
indicators = ตัวบ่งชี้
signed-by = ผู้ลงลายมือชื่อ
files = ไฟล์
signed-text = ข้อความที่ลงลายมือชื่อ
log-proof = หลักฐานการบันทึกในบันทึกเหตุการณ์
replaced-by = แทนที่ด้วย
withdrawal = การเพิกถอน
register-check = หน้านี้ไม่มีลายมือชื่อ แต่ข้อความที่ระบุไว้ในหน้านี้มี โปรดขอกุญแจจากหน่วยงานโดยตรง บันทึกไดเรกทอรีนี้ แล้วป้อนคำสั่ง:
register-answer = คำตอบจะบอกว่าข้อความเป็นของแท้หรือไม่ มีข้อความภายหลังในทะเบียนนี้แทนที่หรือเพิกถอนหรือไม่ และหน่วยงานรับรองหรือไม่ว่าไม่มีสิ่งใดขาดหายไป
