### Interface words of the public pages in Chinese (traditional script) (zh-Hant).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = 繁體中文

## The page as a whole

official-notice = 官方公告
skip = 跳至公告內容
languages = 語言
on-this-page = 本頁內容

## Who, by whose order, when

issued-by = 發布機關
order-issuer = 命令核發機關
order-reference = 案號
order-statute = 法律
seized-on = 查扣日期

## Headings

happened = 事件經過
authority = 法律依據
agencies = 參與機關
visitors = 您可以做什麼
help = 受害者協助
press = 新聞發布
objections = 如何提出異議
tips = 受害者與知情人士聯絡窗口

## Help that is to come, and files to download

help-later = 更多協助資訊將於此處公布。
file-size = 大小
file-digest = SHA-256 校驗碼
file-advice = 開啟下載的檔案之前，請將其校驗碼與此處所示的校驗碼進行比對。
size-bytes = { $count } 位元組
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = 電子郵件
phone = 電話
hours = 受理時間

## How to check the notice

check = 查證本公告的真偽
check-advice = 任何人都可以仿製這樣的頁面，請勿憑外觀判斷。請親自輸入以下網址，並將該處所載的公告編號與本編號進行比對。
check-at = 發布機關確認網址
notice-id = 公告編號
valid-from = 生效時間
valid-until = 失效時間
review = 命令的下次審查
check-files = 經簽章的文本、所涉網域名稱、簽章及查驗方法
check-keys = 各機關金鑰的指紋（SHA-256）

## Seals, and where victims turn to

seal = 徽章
lead-agency = 主辦機關
report-crime = 向您所在國家的警方報案
no-more-ransom = 由警方和資安公司為勒索軟體受害者免費提供的工具與建議。

## A notice that was withdrawn, and the public register of notices

withdrawn-title = 本公告已撤回
withdrawn-text = 原載於此網址的公告已不再有效。發布該公告的機關已將其撤回。該網域名稱正在返還，不久後可能指向其他網站。
withdrawn-on = 撤回日期
decision = 決定
register = 公告登記簿
register-about = 已發布、變更、返還及撤回的內容。最新內容排在最前。
notices = 公告
denials = 並非本機關發布的橫幅
advisories = 聯合通報
dated = 日期
covers = 所涉名稱
given-back = 已返還的名稱
names-sealed = 涉及但未公布的名稱數
names-more = 簽章文本中的其他名稱數
seen-on = 發現日期
seen-at = 發現位置
indicators = 威脅指標
signed-by = 簽章者
files = 檔案
signed-text = 經簽章的文本
log-proof = 日誌紀錄的證明
replaced-by = 取代者
withdrawal = 撤回
register-check = 本頁面未經簽章，其所列文本則已簽章。請直接向各機關取得其金鑰，儲存此目錄，然後輸入：
register-answer = 結果會說明該文本是否真實、本登記簿中是否有後續文本將其取代或撤回，以及各機關是否保證沒有遺漏。
