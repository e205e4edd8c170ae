package understand

// The words of the shop, and of the people a visit may be for.
const (
	arabicGoods = `شامبو شامبوهات بلسم سيروم سيرم زيت زيوت كريم كريمات ماسك قناع فرشاه فرشه مشط جل جيل سبراي بخاخ رذاذ شمع موس تونر واكس معطر حنه مثبت ستشوار فرش علاج لوشن
		مقشر صابون مكواه سشوار استشوار مجفف غسول مرطب بودره طقم مجموعه قسيمه كرت طلا مناكير مشابك ربطات منشفه شمعه عطر واقي برايمر
		روج احمر ماسكارا فيتامينات امبولات صابغه صبغه ليفن كونديشنر لاك بلسام منعم باك masque creme shampoo shampooing huile serum conditioner vernis
		creme crème zayt zeit kreem krim shambo shampo`
	arabicTraits = `يدين شعر جسم للشعر لليدين للوجه لليدين للجسم للحواجب للبشره منزليه هدايا الشعر حراره ارغان`
)

var arabicKin = map[string]string{
	"mother": `امي ماما والدتي امه والده mama emme ommi امى الوالده ماماتي يما مي`, "sister": `اختي اخت اختى okhty okhti khti ukhti`, "friend": `صديقتي صاحبتي رفيقتي صديقي صاحبي خويتي sa7bti sa7bety rfi2te rfi2ti`,
	"daughter": `بنتي ابنتي بنوتي benti bnti`, "husband": `زوجي جوزي راجلي gozy jawzi خطيبي_`, "wife": `زوجتي مرتي مراتي مرتى`, "son": `ابني ولدي weldi`, "sons": `ولادي اولادي عيالي ابنائي`,
	"aunt": `خالتي عمتي`, "neighbour": `جارتي جاري jarti`, "grandmother": `جدتي ستي تيتا يدتي تيته`, "cousin": `عمي_بنت`, "colleague": `زميلتي زميلي`, "colleagues": `زميلاتي`,
	"father": `ابوي بابا والدي ابويا`, "friends": `صديقاتي صاحباتي رفيقاتي صحباتي اصحابي`, "brother": `اخوي اخي اخويا خويا`, "mother-in-law": `حماتي`, "sisters": `خواتي اخواتي`,
	"family": `العائله عائلتي العيله`, "fiancé": `خطيبي`, "fiancée": `خطيبتي`, "boss": `مديرتي مديري`, "granddaughter": `حفيدتي`, "guest": `ضيفه ضيفتي`, "children": `اطفالي`, "twin": `توامي`,
}

var arabicAmounts = map[string]int{
	"واحد واحده وحده حبه wa7ed": 1, "اثنين ثنتين اتنين تنتين حبتين jouj علبتين": 2, "ثلاث ثلاثه تلاته تلات": 3, "اربع اربعه": 4, "خمس خمسه": 5, "ست سته": 6, "سبع سبعه": 7, "ثمان ثمانيه تمانيه": 8, "تسع تسعه": 9, "عشر عشره": 10,
}
