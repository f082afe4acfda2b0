//! What the records hold: how much of what, and the words. The same in every run; ids and keys are
//! not.

use crate::words::Words;

/// Change it whenever the records should be made anew: other contents, another form of the files.
pub(crate) const VERSION: &str = "4";

/// Found in about a third of the entries.
pub(crate) const COMMON: &str = "dream";
/// Found in three of five years' entries.
pub(crate) const RARE: &str = "quokka";
/// "Lighthouse", in the middle of sentences of a script without spaces: in a quarter of the
/// entries in Chinese.
pub(crate) const CHINESE: &str = "灯塔";
/// Typed above the caseload.
pub(crate) const LETTERS: &str = "an";

/// How much of everything.
pub(crate) struct Sizes {
    /// A long record is written in blocks: entries, check-ins, then what the clinic does with them.
    pub(crate) block: Block,
    /// After so many blocks a copy of the record is kept.
    pub(crate) ages: Vec<usize>,
    /// Numbers of patients at which a copy of the clinic is kept.
    pub(crate) clinics: Vec<usize>,
    pub(crate) patient: Block,
    /// Patients who have as long a record as the oldest phone.
    pub(crate) old_patients: usize,
    /// Numbers of edits after which one more is measured.
    pub(crate) edits: Vec<usize>,
}

/// A part of a record.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    /// Half of them shared.
    pub(crate) entries: usize,
    pub(crate) check_ins: usize,
    pub(crate) replies: usize,
}

impl Sizes {
    pub(crate) fn full() -> Self {
        Self {
            block: Block {
                entries: 100,
                check_ins: 75,
                replies: 20,
            },
            ages: vec![0, 5, 20],
            clinics: vec![10, 60, 200, 500],
            patient: Block {
                entries: 40,
                check_ins: 60,
                replies: 1,
            },
            old_patients: 10,
            edits: vec![0, 10, 100, 300],
        }
    }

    /// To see that the program works, not to measure.
    pub(crate) fn quick() -> Self {
        Self {
            block: Block {
                entries: 20,
                check_ins: 5,
                replies: 2,
            },
            ages: vec![0, 1, 2],
            clinics: vec![2, 4],
            patient: Block {
                entries: 4,
                check_ins: 6,
                replies: 1,
            },
            old_patients: 2,
            edits: vec![0, 3],
        }
    }

    /// Blocks of the longest record.
    pub(crate) fn longest(&self) -> usize {
        self.ages.last().copied().unwrap()
    }

    /// What a phone of that many blocks is called.
    pub(crate) fn age(&self, blocks: usize) -> String {
        let entries = blocks * self.block.entries;
        if entries == 2_000 {
            "five years".to_owned()
        } else {
            format!("{entries} entries")
        }
    }
}

/// Words for one entry.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) title: String,
    pub(crate) body: String,
}

const CHINESE_WORDS: &str = "早上 晚上 今天 昨天 感觉 身体 呼吸 音乐 房间 海边 安静 害怕 平静 悲伤 记得 忘记 \
母亲 父亲 朋友 孩子 走路 睡觉 醒来 梦见 光线 颜色 声音 眼泪 笑声 希望 失去 改变 时间 慢慢 打开 关上 心里 手上 \
窗外 树下 下雨 太阳 月亮 街道 火车 面包 咖啡 写信 听见 说话 一起 独自 重新 开始 结束 明白 怀疑 信任 温暖 沉重";
const JAPANESE_WORDS: &str = "朝 夜 今日 昨日 気持ち からだ 呼吸 音楽 部屋 海辺 静かな こわい 穏やか 悲しい 覚えて 忘れた \
母 父 友だち 子ども 歩いて 眠り 目覚め 夢 光 色 声 涙 笑い 希望 失った 変わる 時間 ゆっくり 開いて 閉じる 心 手 \
窓 木 雨 太陽 月 道 電車 パン コーヒー 手紙 聞こえた 話す 一緒に ひとり また 始まり 終わり わかる";
const THAI_WORDS: &str = "เช้า เย็น วันนี้ เมื่อวาน รู้สึก ร่างกาย หายใจ ดนตรี ห้อง ทะเล เงียบ กลัว สงบ เศร้า จำได้ ลืม \
แม่ พ่อ เพื่อน ลูก เดิน นอน ตื่น ฝัน แสง สี เสียง น้ำตา หัวเราะ หวัง สูญเสีย เปลี่ยน เวลา ช้าๆ เปิด ปิด ใจ มือ";

const FIRST_NAMES: &str = "Ada Bela Chidi Dana Emre Farah Goran Hana Ines Jonas Kaya Lena Marek Nadia \
Omar Petra Quinn Rosa Samir Tomas Uma Viktor Wren Ximena Yusuf";
const LAST_NAMES: &str = "Abara Brandt Castellan Duval Eriksen Farkas Grant Hansen Ibarra Jansen Kovac \
Lindqvist Moran Novak Okafor Pavel Quist Ramos Sandoval Tanaka";

/// Writes texts.
pub(crate) struct Texts(Words);

impl Texts {
    pub(crate) fn new() -> Self {
        Self(Words::new(11))
    }

    /// The entry number `number` of a record, about 2 KB: of twenty, three are in scripts without
    /// spaces.
    pub(crate) fn entry(&mut self, number: usize) -> Text {
        let length = 1_500 + self.below(1_000);
        let mut body = match number % 20 {
            3 => self.unspaced(CHINESE_WORDS, "，", "。", length),
            9 => self.unspaced(JAPANESE_WORDS, "、", "。", length),
            15 => self.unspaced(THAI_WORDS, " ", " ", length),
            _ => self.0.text(length),
        };
        if number % 80 == 3 {
            body.push_str("我们一直走到灯塔才回家。");
        }
        if number % 700 == 12 {
            body.push_str(" A quokka came by.");
        }
        let title = format!("Day {number}");
        Text { title, body }
    }

    /// A check-in's note.
    pub(crate) fn note(&mut self) -> String {
        self.0.text(60)
    }

    /// A reply.
    pub(crate) fn reply(&mut self) -> String {
        self.0.text(200)
    }

    /// The same entry after the edit number `edit`: one sentence of it is another.
    pub(crate) fn edited(&mut self, text: &Text, edit: usize) -> Text {
        let mut sentences: Vec<String> = text.body.split(". ").map(str::to_owned).collect();
        let at = edit % sentences.len();
        sentences[at] = self.0.text(60).trim_end_matches('.').to_owned();
        let title = text.title.clone();
        Text {
            title,
            body: sentences.join(". "),
        }
    }

    /// From 1 to 7.
    pub(crate) fn step(&mut self) -> u8 {
        1 + u8::try_from(self.below(7)).unwrap()
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.0.number() % end).unwrap()
    }

    fn unspaced(&mut self, vocabulary: &str, comma: &str, stop: &str, bytes: usize) -> String {
        let vocabulary: Vec<&str> = vocabulary.split_whitespace().collect();
        let mut text = String::with_capacity(bytes + 64);
        while text.len() < bytes {
            for part in [comma, stop] {
                for _ in 0..4 + self.below(6) {
                    text.push_str(vocabulary[self.below(vocabulary.len())]);
                }
                text.push_str(part);
            }
        }
        text
    }
}

/// The name of the patient number `number`.
pub(crate) fn name(number: usize) -> String {
    let first: Vec<&str> = FIRST_NAMES.split_whitespace().collect();
    let last: Vec<&str> = LAST_NAMES.split_whitespace().collect();
    let family = last[number / first.len() % last.len()];
    format!("{} {family} {number:03}", first[number % first.len()])
}
