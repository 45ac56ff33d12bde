### Interface words of the public pages in Vietnamese (vi).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Tiếng Việt

## The page as a whole

official-notice = Thông báo chính thức
skip = Chuyển đến nội dung thông báo
languages = Ngôn ngữ
on-this-page = Trên trang này

## Who, by whose order, when

issued-by = Cơ quan ban hành
order-issuer = Cơ quan ra lệnh
order-reference = Số hồ sơ
order-statute = Luật
seized-on = Ngày thu giữ

## Headings

happened = Điều gì đã xảy ra
authority = Cơ sở pháp lý
agencies = Các cơ quan tham gia
visitors = Quý vị có thể làm gì
help = Hỗ trợ người bị ảnh hưởng
press = Báo chí
objections = Cách phản đối
tips = Nạn nhân và nhân chứng

## Help that is to come, and files to download

help-later = Các hình thức hỗ trợ khác sẽ được công bố tại đây.
file-size = Kích thước
file-digest = Mã kiểm tra SHA-256
file-advice = Trước khi mở tệp đã tải về, hãy đối chiếu mã kiểm tra của tệp với mã được nêu ở đây.
size-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } byte
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Thư điện tử
phone = Điện thoại
hours = Giờ làm việc

## How to check the notice

check = Kiểm tra tính xác thực của thông báo này
check-advice = Bất kỳ ai cũng có thể sao chép một trang như thế này, vì vậy đừng đánh giá qua hình thức. Hãy tự nhập địa chỉ dưới đây và đối chiếu số thông báo tại đó với số này.
check-at = Được cơ quan ban hành xác nhận tại
notice-id = Số thông báo
valid-from = Có hiệu lực từ
valid-until = Có hiệu lực đến
review = Lần xem xét lại lệnh tiếp theo
check-files = Văn bản đã ký, các tên thuộc phạm vi, chữ ký và hướng dẫn kiểm tra
check-keys = Dấu vân tay khóa của các cơ quan (SHA-256)

## Seals, and where victims turn to

seal = Huy hiệu
lead-agency = Cơ quan chủ trì
report-crime = Trình báo với cảnh sát tại quốc gia của quý vị
no-more-ransom = Công cụ và lời khuyên miễn phí cho nạn nhân của mã độc tống tiền, từ lực lượng cảnh sát và các công ty an ninh.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Thông báo này đã được thu hồi
withdrawn-text = Thông báo từng đăng tại địa chỉ này không còn hiệu lực. Các cơ quan đã đăng thông báo đã thu hồi thông báo đó. Tên miền đang được trả lại và có thể sớm dẫn đến một trang khác.
withdrawn-on = Ngày thu hồi
decision = Quyết định
register = Sổ đăng ký thông báo
register-about = Những gì đã được công bố, sửa đổi, trả lại và thu hồi. Mới nhất ở trên cùng.
notices = Các thông báo
denials = Biểu ngữ không phải của chúng tôi
advisories = Cảnh báo chung
dated = Ngày
covers = Các tên
given-back = Các tên đã trả lại
names-sealed = Số tên thuộc phạm vi nhưng không công bố
names-more = Số tên khác trong văn bản đã ký
seen-on = Ngày phát hiện
seen-at = Nơi phát hiện
indicators = Dấu hiệu nhận biết
signed-by = Người ký
files = Tệp
signed-text = Văn bản đã ký
log-proof = Bằng chứng về mục ghi trong nhật ký
replaced-by = Được thay bằng
withdrawal = Văn bản thu hồi
register-check = Trang này không được ký; các văn bản liệt kê trong trang thì có. Hãy lấy khóa của các cơ quan từ chính các cơ quan đó, lưu thư mục này và nhập:
register-answer = Câu trả lời cho biết văn bản có xác thực không, có văn bản nào sau đó trong sổ đăng ký này thay thế hoặc thu hồi nó không, và các cơ quan có bảo đảm rằng không thiếu gì không.
