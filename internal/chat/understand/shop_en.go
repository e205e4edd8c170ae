package understand

// The words of the shop, and of the people a visit may be for.
const (
	englishGoods = `shampoo shampoos conditioner conditioners serum serums oil oils cream creams mask masks brush brushes hairbrush hairbrushes
		comb combs gel gels spray sprays hairspray wax waxes mousse toner toners tonic lotion lotions balm scrub soap soaps straightener
		straighteners straightners tongs curler curlers dryer hairdryer cleanser moisturiser moisturizer powder kit kits set sets voucher
		vouchers polish polishes varnish clips ties scrunchie scrunchies pins towel pouch candle candles perfume sunscreen spf primer lipstick
		mascara foundation protectant paste pomade vitamins supplements butter mist masque rollers extensions dye bleach sponge remover
		diffuser essence ampoules ampoule pillowcase cap`
	englishTraits = `hair salon repair baby mild curling detangling thick scalp massager light hand hands body face foot feet nail nails lip beard curl curly dry purple heat gift leave in anti frizz argan coconut
		rose night day sun blonde silver deep clay scalp colour color styling root roots eye skin volume sea salt small large big travel
		refill split end ends sheet free sulphate moisture keratin cuticle scrub silk`
)

var englishKin = map[string]string{
	"mother": `mother mum mom mam mama mummy mothers mums moms ma`, "daughter": `daughter daughters girl`, "friend": `friend mate pal bestie buddy bff friends'`,
	"friends": `friends mates pals girlfriends`, "wife": `wife wifey missus`, "sister": `sister sis`, "grandmother": `grandmother gran granny nan nana grandma grannys nanna`,
	"son": `son`, "sons": `sons boys`, "husband": `husband hubby hubs himself`, "partner": `partner`, "boyfriend": `boyfriend bf`, "girlfriend": `girlfriend gf`,
	"cousin": `cousin`, "father": `father dad da daddy`, "colleague": `colleague coworker workmate`, "colleagues": `colleagues coworkers`, "children": `children kids`,
	"child": `child kid toddler`, "aunt": `aunt auntie aunty`, "uncle": `uncle`, "flatmate": `flatmate`, "roommate": `roommate`, "brother": `brother bro`,
	"neighbour": `neighbour neighbor`, "boss": `boss`, "niece": `niece`, "nephew": `nephew`, "family": `family`, "fiancée": `fiancee`, "fiancé": `fiance`,
	"client": `client`, "guest": `guest`, "grandson": `grandson`, "granddaughter": `granddaughter`, "grandfather": `grandfather grandad grandpa`,
	"bridesmaids": `bridesmaids bridesmaid`, "twins": `twins`, "godmother": `godmother`, "mother-in-law": `motherinlaw`, "sister-in-law": `sisterinlaw`,
}

var englishAmounts = map[string]int{
	"one a an another": 1, "two couple pair double both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "dozen": 12,
}
