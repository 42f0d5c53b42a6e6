//! What the law of a document's jurisdiction packs has to say of a *regulation* (an offer has checks of its own).
//!
//! One row a rule: its code, its packs, how much it matters, its legal basis, what is said, and how its places are
//! found. An error is a rule that the law forbids as it stands unless an exception applies: it can be answered with
//! the reason why it does. Nothing here is legal advice.

use super::document::Outline;
use super::law_places as places;
use super::law_places::Place;
use super::{CheckFinding, CheckSeverity};
use crate::domain::regulation::JurisdictionPack::{self, De, Eu, JpLocalGov, JpPrivate, Kr, Uk, UsCa, UsFed};
use crate::domain::words::Words;

/// A rule of law about regulations.
pub(super) struct Rule {
    pub(super) code: &'static str,
    pub(super) packs: &'static [JurisdictionPack],
    pub(super) severity: CheckSeverity,
    pub(super) basis: Words,
    pub(super) message: Words,
    pub(super) find: fn(&Outline<'_>) -> Vec<Place>,
}

macro_rules! rules {
    ($($code:literal [$($pack:ident),+] $severity:ident $find:path, $basis_ja:literal, $basis_en:literal, $ja:literal, $en:literal;)+) => {
        /// Every rule, by country and subject.
        pub(super) const RULES: &[Rule] = &[$(Rule {
            code: $code,
            packs: &[$($pack),+],
            severity: CheckSeverity::$severity,
            basis: Words::fixed($basis_ja, $basis_en),
            message: Words::fixed($ja, $en),
            find: $find,
        }),+];
    };
}

rules! {
    // Age.
    "age_limit_jp" [JpPrivate] Error places::age_limit_below_sixty,
        "労働施策総合推進法第9条、同法施行規則第1条の3", "Labour Policy Comprehensive Promotion Act, art. 9; Enforcement Regulation, art. 1-3",
        "募集・採用に年齢の上限を設けています。認められるのは、定年を上限とする期間の定めのない雇用、法令による制限、職務経験を問わない長期の育成、技能承継のための特定の年齢層、芸能、60歳以上の者や国の施策の対象者などに限られます。",
        "Hiring is limited by an upper age. Allowed are only: the retirement age for open-ended work, a limit by law, long-term training that asks for no experience, a skills gap in one age band, the arts, and people of 60 or over or in a group that public policy promotes.";
    "age_limit_retirement_jp" [JpPrivate] Warning places::age_limit_from_sixty,
        "労働施策総合推進法施行規則第1条の3第1項第1号、高年齢者雇用安定法第8条", "Enforcement Regulation of the Labour Policy Act, art. 1-3(1)(i); Act on Stabilization of Employment of Elderly Persons, art. 8",
        "60歳以上の年齢の上限は、定年と同じで、かつ期間の定めのない雇用である場合に限って認められます。定年と一致するか確認してください。",
        "An upper age of 60 or more is allowed only where it is the retirement age and the work is open-ended: check that it is.";
    "age_at_exit_jp" [JpPrivate] Warning places::age_limit_at_exit,
        "労働施策総合推進法第9条", "Labour Policy Comprehensive Promotion Act, art. 9",
        "退職時の年齢で対象を絞っています。採用の機会を年齢で左右することに変わりはないため、認められる例外に当たるか確認してください。",
        "The age at exit narrows who may return. It still lets age decide about hiring: check that one of the exceptions applies.";
    "age_lower_limit_jp" [JpPrivate] Warning places::age_lower_limit,
        "労働施策総合推進法第9条、同法施行規則第1条の3第1項第2号", "Labour Policy Comprehensive Promotion Act, art. 9; Enforcement Regulation, art. 1-3(1)(ii)",
        "年齢の下限を設けています。法令が就業を制限する年齢（18歳など）を除き、下限も年齢制限に当たります。",
        "There is a lower age. Apart from ages below which a law forbids the work, such as 18, a lower limit is a limit by age too.";
    "years_to_retirement_jp" [JpPrivate] Warning places::years_to_retirement,
        "労働施策総合推進法第9条、同法施行規則第1条の3第1項第1号", "Labour Policy Comprehensive Promotion Act, art. 9; Enforcement Regulation, art. 1-3(1)(i)",
        "定年までの残り期間を要件としており、定年より低い年齢で締め切るのと同じ結果になります。",
        "Asking for time left before retirement has the effect of an age limit below the retirement age.";
    "age_limit_public_jp" [JpLocalGov] Notice places::age_limit,
        "労働施策総合推進法第38条の2、地方公務員法第13条", "Labour Policy Comprehensive Promotion Act, art. 38-2; Local Public Service Act, art. 13",
        "年齢の上限があります。年齢制限の禁止は地方公務員に適用されませんが、平等取扱いの原則に照らし、理由を示せるようにしてください。",
        "There is an upper age. The ban on age limits does not cover local public servants; be ready to give the reason under the principle of equal treatment.";
    "age_limit_us" [UsFed, UsCa] Error places::age_limit,
        "ADEA（合衆国法典第29編第623条）、カリフォルニア州公正雇用住宅法（州政府法12940条）", "ADEA, 29 USC 623(a); in California also FEHA, Gov. Code 12940",
        "年齢の上限があります。40歳以上の者を年齢により採用から除くことは禁じられています。",
        "There is an upper age: people of 40 or over may not be kept out of hiring by age.";
    "age_limit_eu" [Eu, De, Uk] Warning places::age_limit,
        "指令2000/78/EC第6条、ドイツ一般平等待遇法第10条、英国平等法2010第13条第2項", "Directive 2000/78/EC, art. 6; AGG s. 10 (DE); Equality Act 2010, s. 13(2) (UK)",
        "年齢の上限があります。正当な目的と相応の手段を示せる場合に限って認められます。",
        "There is an upper age: it stands only where a legitimate aim and proportionate means can be shown.";
    "age_limit_kr" [Kr] Error places::age_limit,
        "雇用上年齢差別禁止法第4条の4・第4条の5", "Act on Age Discrimination Prohibition in Employment, arts 4-4 and 4-5",
        "採用に年齢の上限があります。合理的な理由のない年齢による差別は禁じられています。",
        "Hiring is limited by an upper age: differences by age without a reasonable ground are forbidden.";
    // Sex, origin, creed.
    "one_sex_jp" [JpPrivate] Error places::reads_sex,
        "男女雇用機会均等法第5条", "Equal Employment Opportunity Act, art. 5",
        "性別を条件としています。募集・採用では性別にかかわりなく均等な機会を与えなければなりません。",
        "A condition reads the sex. In hiring, both sexes must be given the same chance.";
    "one_sex_text_jp" [JpPrivate] Warning places::text_names_one_sex,
        "男女雇用機会均等法第5条", "Equal Employment Opportunity Act, art. 5",
        "一方の性に限るように読める表現があります。対象を性別によらない言葉に改めてください。",
        "The text can be read as meant for one sex only: word it for everybody.";
    "one_sex_elsewhere" [JpLocalGov, UsFed, UsCa, Uk, Eu, De, Kr] Error places::reads_sex,
        "地方公務員法第13条、公民権法第7編、英国平等法2010、指令2006/54/EC、韓国男女雇用平等法第7条", "Local Public Service Act, art. 13 (JP); Title VII; Equality Act 2010; Directive 2006/54/EC; Equal Employment Opportunity Act, art. 7 (KR)",
        "性別を条件としています。採用で性別により差を設けることは禁じられています。",
        "A condition reads the sex: hiring may not differ by it.";
    "indirect_jp" [JpPrivate] Warning places::indirect,
        "男女雇用機会均等法第7条、同法施行規則第2条", "Equal Employment Opportunity Act, art. 7; Enforcement Regulation, art. 2",
        "転勤に応じること、身長・体重・体力を条件としています。業務上とくに必要でない限り間接差別に当たります。",
        "Readiness to be transferred, or height, weight or strength, is asked for: without a special need of the work this is indirect discrimination.";
    "sensitive_fact_jp" [JpPrivate, JpLocalGov] Error places::reads_sensitive,
        "職業安定法第5条の5、平成11年労働省告示第141号、労働基準法第3条", "Employment Security Act, art. 5-5 with its guideline; Labour Standards Act, art. 3",
        "本籍・国籍・信条・労働組合・家族など、採用のために集めてはならない事項、または差別の理由としてはならない事項を条件としています。",
        "A condition reads origin, nationality, creed, union membership or family: what may not be collected for hiring, or may not be a reason for a difference.";
    "sensitive_fact_elsewhere" [UsFed, UsCa, Uk, Eu, De, Kr] Error places::reads_sensitive,
        "公民権法第7編、全国労働関係法、GDPR第9条、英国平等法2010", "Title VII; NLRA s. 8(a)(3); GDPR art. 9; Equality Act 2010",
        "出自・国籍・信条・労働組合・家族など、採用の理由としてはならない事項を条件としています。",
        "A condition reads origin, nationality, creed, union membership or family, which may not decide about hiring.";
    // Leaves.
    "maternity_deducted_jp" [JpPrivate] Warning places::deducts_maternity,
        "男女雇用機会均等法第9条第3項", "Equal Employment Opportunity Act, art. 9(3)",
        "産前産後休業を勤続から差し引いています。休業を理由とする不利益な取扱いに当たるおそれがあります。",
        "Maternity leave is deducted from service: this may be less favourable treatment because of the leave.";
    "family_leave_deducted_jp" [JpPrivate] Warning places::deducts_family_leave,
        "育児・介護休業法第10条・第16条", "Child Care and Family Care Leave Act, arts 10 and 16",
        "育児休業・介護休業を勤続から差し引いています。休業を理由とする不利益な取扱いに当たるおそれがあります。",
        "Childcare or care leave is deducted from service: this may be less favourable treatment because of the leave.";
    "leave_deducted_public_jp" [JpLocalGov] Notice places::deducts_protected,
        "地方公務員の育児休業等に関する法律第9条", "Act on Childcare Leave of Local Public Servants, art. 9",
        "産前産後・育児・介護の休業を勤続から差し引いています。不利益な取扱いに当たらないか確認してください。",
        "Maternity, childcare or care leave is deducted from service: check that it is no less favourable treatment.";
    "leave_deducted_elsewhere" [UsFed, UsCa, Uk, Eu, De, Kr] Warning places::deducts_protected,
        "FMLA（29 CFR 825.220(c)）、指令2006/54/EC第15条、指令2019/1158第10条・第11条、英国平等法2010第18条", "FMLA, 29 CFR 825.220(c); Directives 2006/54/EC, art. 15, and 2019/1158, arts 10-11; Equality Act 2010, s. 18",
        "産前産後・育児・介護の休業を勤続から差し引いています。休業の取得を不利に扱うことは禁じられています。",
        "Maternity, childcare or care leave is deducted from service: taking leave may not be held against anybody.";
    "family_reasons_jp" [JpPrivate] Warning places::leaves_out_family_reasons,
        "育児・介護休業法第27条", "Child Care and Family Care Leave Act, art. 27",
        "認める退職事由に、妊娠・出産・育児・介護のいずれかが含まれていません。これらの理由で退職した人への再雇用の配慮は事業主の努力義務です。",
        "The accepted reasons of leaving lack pregnancy, birth, childcare or care: employers are to endeavour to give people who left for these special consideration.";
    // Health.
    "health_jp" [JpPrivate, JpLocalGov] Warning places::health_certificate,
        "職業安定法第5条の5、個人情報保護法第20条第2項", "Employment Security Act, art. 5-5; Act on the Protection of Personal Information, art. 20(2)",
        "選考の書類として健康診断書を求めています。業務に必要な範囲であることを示し、本人の同意を得てください。",
        "A health certificate is asked for in selection: show that the work needs it, and have the person's consent.";
    "health_input" [JpPrivate, JpLocalGov, Uk, Eu, De, Kr] Notice places::health_input,
        "職業安定法第5条の5、障害者雇用促進法第34条、英国平等法2010第60条、GDPR第9条", "Employment Security Act, art. 5-5; Act on Employment Promotion of Persons with Disabilities, art. 34; Equality Act 2010, s. 60; GDPR art. 9",
        "健康状態を選考で見ています。職務を行えるかに限り、合理的配慮を検討したうえで判断してください。",
        "Health is looked at in selection: keep to whether the work can be done, with reasonable accommodation.";
    "health_us" [UsFed, UsCa] Error places::any_health,
        "ADA（合衆国法典第42編第12112条(d)(2)）", "ADA, 42 USC 12112(d)(2)",
        "採用の申出より前に健康について尋ねています。",
        "Health is asked about before a conditional offer is made.";
    "health_elsewhere" [Uk, Eu, De, Kr] Warning places::health_certificate,
        "英国平等法2010第60条、GDPR第9条", "Equality Act 2010, s. 60; GDPR art. 9",
        "申出より前に健康診断書を求めています。職務に不可欠な場合に限られます。",
        "A health certificate is asked for before an offer: only what the work cannot do without may be asked.";
    // Machines.
    "solely_automated" [Eu, De, Uk] Error places::solely_automated,
        "GDPR第22条、英国GDPR第22条A〜D、AI規則附属書III第4号", "GDPR art. 22; UK GDPR arts 22A-22D; AI Act, Annex III(4)",
        "機械だけで不採用とすることを認めています。人が判断し、本人が意見を述べられなければなりません。",
        "A machine alone may reject somebody: a person must decide, and the applicant must be able to be heard.";
    "automation_unstated" [Eu, De, Uk] Notice places::automation_unstated,
        "GDPR第13条第2項(f)・第22条", "GDPR arts 13(2)(f) and 22",
        "機械だけで不採用とすることがあるかを定めていません。人が判断することを明記してください。",
        "It is not said whether a machine alone may reject somebody: say that a person decides.";
    "solely_automated_elsewhere" [JpPrivate, JpLocalGov, UsFed, UsCa, Kr] Warning places::solely_automated,
        "個人情報保護法第19条、ニューヨーク市条例2021年第144号、カリフォルニア州雇用規則（2025年）、韓国個人情報保護法第37条の2", "APPI art. 19 (JP); NYC Local Law 144; California civil rights regulations on automated decisions (2025); PIPA art. 37-2 (KR)",
        "機械だけで不採用とすることを認めています。偏りの監査、事前の説明、人による見直しの義務がないか確認してください。",
        "A machine alone may reject somebody: check for duties of a bias audit, notice, and review by a person.";
    // Pay.
    "former_pay_eu" [Eu, De] Error places::reads_former_pay,
        "指令(EU)2023/970第5条第2項", "Directive (EU) 2023/970, art. 5(2)",
        "退職時の賃金を新しい賃金の基礎としています。応募者の賃金の履歴を用いることは禁じられています。",
        "Pay rests on the former pay: an applicant's pay history may not be asked for or relied on.";
    "former_pay_ca" [UsCa] Error places::reads_former_pay,
        "カリフォルニア州労働法第432条の3", "California Labor Code, s. 432.3",
        "退職時の賃金を新しい賃金の基礎としています。元の雇用主が自らの記録を用いる場合の扱いは定まっていないため、専門家に確認してください。",
        "Pay rests on the former pay, and pay history may not be relied on. How far this binds a former employer's own records is unsettled: have it looked at.";
    "former_pay_us" [UsFed] Notice places::reads_former_pay,
        "各州・市の賃金履歴禁止法", "Pay-history bans of states and cities",
        "退職時の賃金を新しい賃金の基礎としています。連邦法にはありませんが、州・市の法が禁じている場合があります。",
        "Pay rests on the former pay. Federal law does not forbid it; states and cities may.";
    "criteria_eu" [Eu, De] Warning places::criteria_not_published,
        "指令(EU)2023/970第4条・第6条", "Directive (EU) 2023/970, arts 4 and 6",
        "選考の基準を公表することが定められていません。客観的で性別によらない基準を示す必要があります。",
        "Publishing the criteria is not provided for: objective criteria, neutral as to sex, have to be shown.";
    "criteria_jp" [JpPrivate, JpLocalGov] Notice places::criteria_not_published,
        "公正な採用選考の基本（厚生労働省）", "Basics of fair recruitment and selection (Ministry of Health, Labour and Welfare)",
        "選考の基準を公表することが定められていません。示しておくと、不採用の理由を説明しやすくなります。",
        "Publishing the criteria is not provided for: with them a rejection is easier to explain.";
    // Promise and form.
    "discretion_jp" [JpPrivate] Notice places::discretion_missing,
        "最判昭和54年7月20日（大日本印刷）、労働契約法第16条", "Supreme Court, 20 July 1979 (Dai Nippon Printing); Labour Contracts Act, art. 16",
        "資格を満たしても採用を約束するものではないことが定められていません。採用への期待が法的に保護される場合があります。",
        "It is not said that being eligible is no promise of hiring: an expectation of being hired can be protected by law.";
    "work_rules_jp" [JpPrivate] Notice places::legal_basis_missing,
        "労働基準法第89条・第90条・第106条", "Labour Standards Act, arts 89, 90 and 106",
        "根拠となる就業規則の条が示されていません。就業規則の一部となる場合は、意見聴取・届出・周知が必要です。",
        "No article of the work rules is named as its basis. As a part of them it needs a hearing, filing and notice to all.";
    "contact_basis_jp" [JpPrivate, JpLocalGov] Warning places::notice_without_registration,
        "個人情報保護法第17条・第18条、職業安定法第5条の5", "Act on the Protection of Personal Information, arts 17 and 18; Employment Security Act, art. 5-5",
        "退職者に求人を案内しますが、希望を登録する手続きがありません。在職中に集めた連絡先は採用の案内のために集めたものではないため、利用目的の明示か同意が必要です。",
        "Former employees are told of vacancies without a registration of their wish. Addresses collected for employment were not collected to recruit: state the purpose or obtain consent.";
    "rehire_code_jp" [JpPrivate, JpLocalGov] Notice places::reads_rehire_code,
        "労働基準法第22条第4項", "Labour Standards Act, art. 22(4)",
        "再雇用可否区分を要件としています。区分は社内にとどめ、第三者に伝えないでください。",
        "A requirement reads the rehire code: it stays inside the company and is told to nobody else.";
    "rehire_code_us" [UsFed, UsCa] Notice places::reads_rehire_code,
        "公民権法第7編の報復禁止、カリフォルニア州民事訴訟法第1002.5条", "Retaliation rules of Title VII and others; California Code of Civil Procedure, s. 1002.5",
        "再雇用可否区分を要件としています。区分には理由・日付・見直す人を記録し、申立てなどへの報復にならないようにしてください。カリフォルニア州では和解による再雇用禁止条項は無効です。",
        "A requirement reads the rehire code: record its reason, date and reviewer, and never let it answer a complaint. California voids no-rehire clauses of settlements.";
    "competitor_excluded" [JpPrivate, UsFed, UsCa, Uk, Eu, De, Kr] Warning places::excludes_competitors,
        "憲法第22条、不正競争防止法第2条第6項、カリフォルニア州事業職業法第16600条", "Constitution of Japan, art. 22; Unfair Competition Prevention Act, art. 2(6); California Business and Professions Code, s. 16600",
        "競合先で働いたことだけを理由に対象から除いています。職業選択の自由を制約するため、秘密の持込みを防ぐ誓約などで足りないか検討してください。",
        "Work for a competitor alone keeps people out. It burdens the freedom of occupation: consider whether a pledge about trade secrets is enough.";
    // Terms of return.
    "fixed_term_jp" [JpPrivate] Notice places::returns_fixed_term,
        "労働基準法第14条、労働契約法第18条", "Labour Standards Act, art. 14; Labour Contracts Act, art. 18",
        "有期契約で復職します。契約は原則3年以内とし、以前の有期契約との通算（5年・空白期間）と更新の基準・上限を明示してください。",
        "People come back on a fixed term: three years at most in principle. State renewal and its limits, and look at former terms under the five-year rule with its cooling-off periods.";
    "equal_treatment_jp" [JpPrivate] Notice places::fixed_term_without_equal_treatment,
        "パートタイム・有期雇用労働法第8条・第9条", "Part-Time and Fixed-Term Employment Act, arts 8 and 9",
        "有期契約で復職する人の均衡・均等待遇が定められていません。",
        "Nothing is said of balanced and equal treatment of people who come back on a fixed term.";
    "fixed_term_de" [De] Warning places::returns_fixed_term,
        "パートタイム・有期労働法（TzBfG）第14条第2項", "TzBfG s. 14(2)",
        "有期契約で復職します。以前に雇用していた人との、正当な理由のない有期契約は原則として認められません。",
        "People come back on a fixed term: without an objective reason this is in principle not open to former employees.";
    "probation_eu" [Eu, De] Error places::probation_over_six_months,
        "指令(EU)2019/1152第8条", "Directive (EU) 2019/1152, art. 8",
        "試用期間が6か月を超えています。",
        "Probation is longer than six months.";
    "probation_jp" [JpPrivate] Warning places::probation_over_twelve_months,
        "民法第90条（名古屋地判昭和59年3月23日ブラザー工業）", "Civil Code, art. 90 (Nagoya District Court, 23 March 1984, Brother Industries)",
        "試用期間が1年を超えています。合理的な理由のない長い試用期間は無効とされることがあります。",
        "Probation is longer than a year: without a good reason so long a probation can be void.";
    "service_unstated_jp" [JpPrivate] Notice places::service_unstated,
        "労働基準法第39条・第89条", "Labour Standards Act, arts 39 and 89",
        "以前の勤続を年次有給休暇・退職金などに通算するかが定められていません。通算しない場合も、その旨を本人に示してください。",
        "It is not said whether former service counts for leave, retirement allowance and the like: tell people also where it does not.";
    "sick_leave_ca" [UsCa] Warning places::sick_balance_not_restored,
        "カリフォルニア州労働法第246条", "California Labor Code, s. 246",
        "1年以内に復職した人の有給病気休暇の残日数を戻す定めがありません。",
        "Nothing restores unused paid sick days to people who come back within a year.";
    "redundancy_kr" [Kr] Warning places::keeps_out_redundancy,
        "勤労基準法第25条", "Labor Standards Act, art. 25",
        "経営上の理由で解雇された人を対象から除いています。3年以内は優先して再雇用する義務があります。",
        "People laid off for business reasons are kept out: for three years they are to be rehired first.";
}

/// The findings of every rule of the document's packs.
pub(super) fn check(outline: &Outline<'_>, findings: &mut Vec<CheckFinding>) {
    let packs = &outline.document.jurisdiction_packs;
    for rule in RULES.iter().filter(|rule| rule.packs.iter().any(|pack| packs.contains(pack))) {
        for place in (rule.find)(outline) {
            let mut finding = CheckFinding::new(rule.code, rule.severity, place.pointer, rule.message.clone());
            finding.legal_basis = Some(rule.basis.clone());
            findings.push(finding.about(place.clause).shown_by(place.person));
        }
    }
    if packs.is_empty() {
        let words = Words::fixed(
            "適用法域が指定されていないため、法令に関する点検はしていません。",
            "No jurisdiction is named, so nothing was checked against the law.",
        );
        findings.push(CheckFinding::new("no_jurisdiction", CheckSeverity::Notice, "/jurisdiction_packs", words));
    }
}
