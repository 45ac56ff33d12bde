### Interface words of the notice page in Vietnamese (vi).
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
