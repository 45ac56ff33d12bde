### Interface words of the public pages in Korean (ko).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = 한국어

## The page as a whole

official-notice = 공식 고지
skip = 고지 본문으로 이동
languages = 언어
on-this-page = 이 페이지의 내용

## Who, by whose order, when

issued-by = 발행 기관
order-issuer = 명령 기관
order-reference = 사건 번호
order-statute = 근거 법률
seized-on = 압수일

## Headings

happened = 경위
authority = 법적 근거
agencies = 참여 기관
visitors = 이용자 안내
help = 피해자 지원
press = 보도 자료
objections = 이의 제기 방법
tips = 피해자 및 제보자 연락처

## Help that is to come, and files to download

help-later = 추가 지원 정보는 이곳에 게시됩니다.
file-size = 크기
file-digest = SHA-256 체크섬
file-advice = 내려받은 파일을 열기 전에 파일의 체크섬을 여기에 표시된 값과 비교하십시오.
size-bytes = { $count } 바이트
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = 이메일
phone = 전화
hours = 운영 시간

## How to check the notice

check = 이 고지의 진위 확인
check-advice = 이와 같은 페이지는 누구나 복제할 수 있으므로 겉모습만으로 판단하지 마십시오. 아래 주소를 직접 입력하여 그곳에 게시된 고지 번호가 이 번호와 일치하는지 확인하십시오.
check-at = 발행 기관 확인 주소
notice-id = 고지 번호
valid-from = 유효 기간 시작
valid-until = 유효 기간 종료
review = 명령의 다음 재검토
check-files = 서명된 문서, 대상 도메인 이름, 서명 및 확인 방법
check-keys = 각 기관 키의 지문(SHA-256)

## Seals, and where victims turn to

seal = 휘장
lead-agency = 주관 기관
report-crime = 거주 국가의 경찰에 신고
no-more-ransom = 각국 경찰과 보안 기업이 랜섬웨어 피해자에게 제공하는 무료 도구와 조언입니다.

## A notice that was withdrawn, and the public register of notices

withdrawn-title = 이 고지는 철회되었습니다
withdrawn-text = 이 주소에 게시되었던 고지는 더 이상 효력이 없습니다. 이를 게시한 당국이 철회하였습니다. 이 이름은 반환 중이며 곧 다른 사이트로 연결될 수 있습니다.
withdrawn-on = 철회일
decision = 결정
register = 고지 등록부
register-about = 게시, 변경, 반환 및 철회된 내용입니다. 최신 항목이 먼저 나옵니다.
notices = 고지 목록
denials = 당국의 것이 아닌 배너
advisories = 공동 주의보
dated = 날짜
covers = 대상 이름
given-back = 반환된 이름
names-sealed = 공개하지 않은 대상 이름 수
names-more = 서명된 문서에 있는 그 밖의 이름 수
seen-on = 확인된 날짜
seen-at = 확인된 위치
indicators = 침해 지표
signed-by = 서명자
files = 파일
signed-text = 서명된 문서
log-proof = 로그 기록의 증명
replaced-by = 대체한 고지
withdrawal = 철회
register-check = 이 페이지에는 서명이 없으며, 여기에 열거된 문서에는 서명이 있습니다. 각 기관의 키를 해당 기관에서 직접 받아 이 디렉터리를 저장한 다음 입력하십시오:
register-answer = 답변은 문서가 진본인지, 이 등록부의 이후 문서가 이를 대체하거나 철회하는지, 빠진 것이 없음을 각 기관이 보증하는지를 알려 줍니다.
