### Interface words of the public pages in Turkish (tr).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = Türkçe

## The page as a whole

official-notice = Resmî duyuru
skip = Duyuruya geç
languages = Diller
on-this-page = Bu sayfada

## Who, by whose order, when

issued-by = Duyuruyu yayımlayan
order-issuer = Kararı veren
order-reference = Dosya numarası
order-statute = Kanun
seized-on = El koyma tarihi

## Headings

happened = Ne oldu
authority = Hukuki dayanak
agencies = Katılan kurumlar
visitors = Neler yapabilirsiniz
help = Etkilenenler için yardım
press = Basın
objections = İtiraz yolu
tips = Mağdurlar ve tanıklar

## Help that is to come, and files to download

help-later = Diğer yardım olanakları burada yayımlanacaktır.
file-size = Boyut
file-digest = SHA-256 sağlama toplamı
file-advice = İndirilen bir dosyayı açmadan önce dosyanın sağlama toplamını burada gösterilenle karşılaştırın.
size-bytes =
    { $count ->
        [one] { $count } bayt
       *[other] { $count } bayt
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = E-posta
phone = Telefon
hours = Çalışma saatleri

## How to check the notice

check = Bu duyurunun gerçek olduğunu doğrulayın
check-advice = Böyle bir sayfayı herkes kopyalayabilir; bu nedenle görünüşüne bakarak karar vermeyin. Aşağıdaki adresi kendiniz yazın ve orada bulduğunuz duyuru numarasını bu numarayla karşılaştırın.
check-at = Yayımlayanın doğruladığı adres
notice-id = Duyuru numarası
valid-from = Geçerlilik başlangıcı
valid-until = Geçerlilik bitişi
review = Kararın bir sonraki incelemesi
check-files = İmzalı metin, kapsadığı adlar, imzalar ve bunları doğrulama yönergesi
check-keys = Kurumların anahtarlarının parmak izleri (SHA-256)

## Seals, and where victims turn to

seal = Amblem
lead-agency = Yürütücü kurum
report-crime = Ülkenizdeki polise bildirin
no-more-ransom = Fidye yazılımı mağdurları için polis teşkilatlarından ve güvenlik şirketlerinden ücretsiz araçlar ve tavsiyeler.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = Bu duyuru geri çekildi
withdrawn-text = Bu adreste bulunan duyuru artık yürürlükte değildir. Duyuruyu yayımlayan makamlar onu geri çekmiştir. Alan adı geri verilmektedir ve yakında başka bir siteye açılabilir.
withdrawn-on = Geri çekilme tarihi
decision = Karar
register = Duyuru sicili
register-about = Yayımlanan, değiştirilen, geri verilen ve geri çekilenler. En yenisi en üsttedir.
notices = Duyurular
denials = Bize ait olmayan ilanlar
advisories = Ortak uyarılar
dated = Tarih
covers = Adlar
given-back = Geri verilen adlar
names-sealed = Kapsanan ancak yayımlanmayan adlar
names-more = İmzalı metindeki diğer adlar
seen-on = Görüldüğü tarih
seen-at = Görüldüğü yer
indicators = Göstergeler
signed-by = İmzalayanlar
files = Dosyalar
signed-text = İmzalı metin
log-proof = Günlükteki kaydın kanıtı
replaced-by = Yerine geçen
withdrawal = Geri çekme
register-check = Bu sayfa imzalı değildir; listelediği metinler imzalıdır. Kurumların anahtarlarını kurumların kendilerinden edinin, bu dizini kaydedin ve şunu girin:
register-answer = Yanıt, metnin gerçek olup olmadığını, bu sicildeki daha sonraki bir metnin onun yerine geçip geçmediğini veya onu geri çekip çekmediğini ve kurumların hiçbir şeyin eksik olmadığına kefil olup olmadığını bildirir.
