### Interface words of the public pages in Indonesian (id).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Bahasa Indonesia

## The page as a whole

official-notice = Pengumuman resmi
skip = Langsung ke pengumuman
languages = Bahasa
on-this-page = Di halaman ini

## Who, by whose order, when

issued-by = Diterbitkan oleh
order-issuer = Diperintahkan oleh
order-reference = Nomor perkara
order-statute = Undang-undang
seized-on = Tanggal penyitaan

## Headings

happened = Apa yang terjadi
authority = Dasar hukum
agencies = Instansi yang terlibat
visitors = Apa yang dapat Anda lakukan
help = Bantuan bagi pihak yang terdampak
press = Pers
objections = Cara mengajukan keberatan
tips = Korban dan saksi

## Help that is to come, and files to download

help-later = Bantuan lainnya akan diumumkan di sini.
file-size = Ukuran
file-digest = Checksum SHA-256
file-advice = Sebelum membuka berkas yang diunduh, cocokkan checksum berkas itu dengan yang tertera di sini.
size-bytes = { $count } bita
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = Surel
phone = Telepon
hours = Jam layanan

## How to check the notice

check = Periksa keaslian pengumuman ini
check-advice = Siapa pun dapat menyalin halaman seperti ini, maka jangan menilainya dari tampilannya. Ketik sendiri alamat di bawah ini, lalu cocokkan nomor pengumuman yang tertera di sana dengan nomor ini.
check-at = Dikonfirmasi oleh penerbit di
notice-id = Nomor pengumuman
valid-from = Berlaku sejak
valid-until = Berlaku hingga
review = Peninjauan perintah berikutnya
check-files = Teks yang ditandatangani, nama yang tercakup, tanda tangan, dan petunjuk untuk memeriksanya
check-keys = Sidik jari kunci setiap instansi (SHA-256)

## Seals, and where victims turn to

seal = Lambang
lead-agency = Instansi utama
report-crime = Laporkan kepada polisi di negara Anda
no-more-ransom = Alat dan saran gratis bagi korban perangkat pemeras, dari kepolisian dan perusahaan keamanan.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Pengumuman ini telah dicabut
withdrawn-text = Pengumuman yang berada di alamat ini tidak berlaku lagi. Otoritas yang menerbitkannya telah mencabutnya. Nama ini sedang dikembalikan dan dalam waktu dekat dapat mengarah ke situs lain.
withdrawn-on = Dicabut pada
decision = Keputusan
register = Daftar pengumuman
register-about = Apa yang diterbitkan, diubah, dikembalikan, dan dicabut. Yang terbaru ditempatkan paling atas.
notices = Pengumuman
denials = Spanduk yang bukan milik kami
advisories = Peringatan bersama
dated = Tanggal
covers = Nama
given-back = Nama yang dikembalikan
names-sealed = Nama yang tercakup tetapi tidak diterbitkan
names-more = Nama lain dalam teks yang ditandatangani
seen-on = Terlihat pada
seen-at = Terlihat di
indicators = Indikator
signed-by = Ditandatangani oleh
files = Berkas
signed-text = Teks yang ditandatangani
log-proof = Bukti pencatatan dalam log
replaced-by = Digantikan oleh
withdrawal = Pencabutan
register-check = Halaman ini tidak ditandatangani; teks yang tercantum di dalamnya ditandatangani. Dapatkan kunci setiap instansi dari instansi itu sendiri, simpan direktori ini, lalu masukkan:
register-answer = Jawabannya menyatakan apakah teks itu asli, apakah teks yang lebih baru dalam daftar ini menggantikan atau mencabutnya, dan apakah instansi menjamin bahwa tidak ada yang hilang.
