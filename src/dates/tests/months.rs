//! Every month of every language in which dates are read.

use super::{Hints, now, read};

#[rustfmt::skip]
const MONTHS: [(&str, &str); 17] = [
    ("en", "January February March April May June July August September October November December"),
    ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    ("es", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    ("it", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
    ("pt", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    ("pl", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
    ("ru", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    ("uk", "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
    ("tr", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    ("az", "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"),
    ("kk", "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
    ("ar", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    ("fa", "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر"),
    ("hi", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
    ("zh", "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
    ("ko", "1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월"),
];

#[test]
fn every_month_of_every_language_is_itself_and_no_other() {
    let mut wrong = Vec::new();
    for (language, months) in MONTHS {
        for (number, month) in (1..).zip(months.split(' ')) {
            let text = match language {
                "zh" => format!("2023年{month}15日"),
                "ko" => format!("2023년 {month} 15일"),
                _ => format!("15 {month} 2023"),
            };
            let expected = format!("2023-{number:02}-15");
            let told = read(&text, &Hints { language: Some(language), ..Hints::at(now()) });
            if told != expected {
                wrong.push(format!("{text} [{language}]: {told}"));
            }
            // in a feed that does not tell its language: the same, or none
            let untold = read(&text, &Hints::at(now()));
            if untold != expected && untold != "-" {
                wrong.push(format!("{text}: {untold}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn years_of_other_calendars_are_told_by_their_months() {
    super::judge(&[
        ("fa", "۱۰ اسفند ۱۴۰۱", "2023-03-01"),
        ("", "چهارشنبه ۱۰ اسفند ۱۴۰۱ - ۱۴:۰۵", "2023-03-01T14:05:00"),
        ("", "۱ فروردین‌ماه ۱۴۰۳", "2024-03-20"),
        ("", "31 شهریور ماه 1402", "2023-09-22"),
        ("fa", "۳۰ اسفند ۱۴۰۲", "-"),
        ("fa", "۱۰ اسفند ۲۰۲۳", "-"),
        ("fa", "۱۰ اسفند ۰۱", "-"),
        ("fa", "۱۰ مارس ۲۰۲۳", "2023-03-10"),
        ("th", "1 มีนาคม 2566", "2023-03-01"),
        ("th", "๒๙ กุมภาพันธ์ ๒๕๖๗ 14:05", "2024-02-29T14:05:00"),
        ("th", "1 มีนาคม 2023", "2023-03-01"),
        ("th", "1 มีนาคม 66", "-"),
    ]);
}
