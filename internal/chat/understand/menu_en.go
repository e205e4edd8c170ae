package understand

// englishMenu are wordings of the usual services.
var englishMenu = []entry[string]{
	{"", `
		open|deep|small|bad|paper cut|cuts
		cut|cuts my|his|her|your|a|the|our finger|fingers|hand|hands|thumb|leg|foot|arm|face|ear|skin|toe|neck|knee
		cut on my|his|her|the
		cut me|us|him|her|it|that|them off|out|short
		cut cuticles|corners|down|off
		a? cut above
		cut included|is
		cutting it|things fine|close
		beard|beards trim|trims
		beard|beards
		cut|trim kids
		lash|lashes|eyelash|eyelashes|brow|brows|eyebrow tint|tints|tinting|lamination
		dog|cat * haircut|cut
		hair straightening|extensions|mask|dye|food
		colour|color chart|charts|blind
		balayage|ombre|perm|perms|relaxer|lashes|botox
		acrylics|acrylic|shellac
		foot|feet|hand|hands cream
		styling gel|cream|products|product
		hair gel
		scalp tonic|serum|oil|scrub|shampoo
		face cream|mask|masks|wash|oil
		nail nails? polish|varnish|oil|clippers|file|fungus
		nail infection`},
	{"HIGHLIGHTS", `
		highlights|highlight|highlighted|highlighting|hilights|hilites|hilite|foils|streaks|babylights|hihglights|higlights|highlites|lowlights|meches
		half|full head of? highlights|foils`},
	{"CUT", `
		hair? cut|trim|chop|trimm|restyle
		haircut|haircuts|haircutting|cuts|trims|trimmed|cutting|cuting|hairdcut
		big chop
		cut my|her|the|our hair|fringe|ends
		cut|trim my|the|her? fringe|bangs|ends
		fringe|bangs|fringes
		split ends
		dry|wet cut
		ladies|womens|woman|women|lady|girls|female cut|trim|haircut
		my hair shorter|chopped
		hair done short
		appointment for|fur my|ma hair
		an? inch off`},
	{"CUT_MEN", `
		mens|men|man|gents|gent|male|males|gentlemans|gentleman|gentlemens|boys|boy|guys|guy|lads|lad|dads|barber hair? cut|haircut|trim|cuts|haircuts|trims
		cut|haircut|trim|cuts for a|my|our|the? men|man|males|gents|guy|guys|gentleman|gentlemen|boy|boys|son|sons|husband|hubby|boyfriend|dad|father|brother|lad|lads|grandson|nephew|male|bf|fella
		skin|low|mid|high|drop|taper|bald? fade|fades
		short back and|n|& sides
		number one|two|three|1|2|3|4 all? over|sides
		crew|buzz cut
		buzzcut|barbering
		clipper cut`},
	{"STYLE", `
		hair styled|style|styling|curled|updo|set
		styling|styled|hairstyle|hairstyling|hairdo|updo|updos|upstyle|blowave
		style|curl my|her|the? hair
		style my hair
		hair up|done for|curled
		hair my? hair? up
		hair and|& makeup !for
		put my hair up
		my hair up
		curls|braids|braid|chignon|beach waves|hollywood waves
		bridal|party|wedding hair`},
	{"STYLE+MAKEUP", `
		hair and|& makeup
		hair makeup
		makeup and|& hair !styling|cut|styled|up|style`},
	{"STYLE_LONG", `
		long hair style|styled|styling|one|hairstyle
		styling|style long|longer hair
		styling|style|styled for? my? long|longer hair?
		long styling|style|hairstyle|hairstyling`},
	{"BLOW_DRY", `
		quick? blowdry|blowdries|blowdrys|blowout|blowouts|blowdried|blowdrying
		quick? blow drys|dries|dryed|dry|dried|out
		quick? bouncy? blowy|blowie|bouncy
		wash and blowdry
		quick dry|drying`},
	{"OIL_COLOUR", `
		oil gloss colour|colours|color|dye|tint|treatment?
		gloss colour|color|dye|tint?
		oil colour|color|dye|tint|one
		glossy? oily|oil colour|color
		hair gloss
		glossing`},
	{"COLOUR_FULL", `
		full|whole|complete|entire|total|proper head|hair? colour|color|dye|tint|coloring|colouring|recolour
		full head dye|tint|colour|color
		colour|color|dye|tint all over
		all over colour|color|dye|tint
		full head of colour|color
		whole head dyed|coloured|done
		dye|colour|color|dyeing|colouring the|my whole|full|entire head|hair|lot`},
	{"OIL_COLOUR|COLOUR_FULL", `
		hair? colour|color|colouring|coloring|tint|dye|dyed|dyeing|coloured|colored|collor|tinted|tinting|coloration|colur|recolour
		my roots done|touched|doing|coloured|covered
		roots done|touched|touch|covered|redone
		root touch|tint|colour|color up?
		dye|colour my hair
		grey|gray coverage|cover`},
	{"CLAY_RICH", `
		rich|richer|intensive|deluxe|extra mineral? clay mask|masks|one|treatment?
		rich|richer|intensive mask|one
		clay mask? the? rich|intensive one|version?`},
	{"CLAY", `
		mineral clay mask|masks|treatment?
		mineral mask|masks
		normal|plain|regular|simple|basic|ordinary|standard|cheaper|classic mineral? clay mask|masks|one?
		clay mask? the? normal|plain|regular|basic|mineral|cheaper one?`},
	{"CLAY+CLAY_RICH", `
		rich|intensive or|vs|versus|and plain|normal|regular|mineral clay mask?
		plain|normal|regular|mineral|ordinary clay? mask|one? or|vs|versus|and the? rich|intensive one|clay?
		two clay masks|ones`},
	{"CLAY|CLAY_RICH", `
		clay mask|masks|treatment|thing|one|hair?
		mud mask|masks|treatment
		mask|masks $`},
	{"MOISTURE", `
		deep? moisture treatment|thing|mask|one?
		deep conditioning|conditioner|condition|hydration|moisturising|moisturizing treatment|one|thing?
		moisturising|moisturizing|hydrating|hydration|conditioning|moisturizer treatment|thing|mask|one?`},
	{"SCALP_CALM", `
		soothing|calming scalp? care|treatment|thing|one|ritual?
		scalp soothing|calming|soother care|treatment?
		scalp care|treatment|thing the? soothing|calming one?`},
	{"SCALP_FORCE", `
		strengthening|strenghtening|fortifying|strength hair|scalp? care|treatment|thing|one|ritual?
		scalp strengthening|strengthener care|treatment?
		scalp care|treatment|thing the? strengthening one?`},
	{"SCALP_CALM+SCALP_FORCE", `
		scalp treatments calming|soothing and strengthening
		soothing|calming and|or|vs the? strengthening scalp? care|treatment|one?`},
	{"SCALP_CALM|SCALP_FORCE", `
		scalp care|treatment|treatments|thing|session|ritual
		scalp massage`},
	{"CONSULT_HAIR", `
		free? hair consultation|consult|advice|assessment
		free? consultation|consult|chat for|about|on my|the? hair|colour|color|highlights|cut|curls
		consultation|consult capillary|hair`},
	{"CONSULT_AES", `
		free? beauty|skin|aesthetic|aesthetics|aesthetical|facial|face|skincare|cosmetic consultation|consult|advice|assessment
		free? consultation|consult|chat for|about|on|with my|the? skin|beauty|face|aesthetics|treatments`},
	{"CONSULT_HAIR|CONSULT_AES", `
		free? consultation|consultations|consult`},
	{"FACIAL", `
		revitalising|revitalizing? facial|facials|biotherapy
		revitalising|revitalizing treatment|one?
		face treatment|treatments|cleanse|facial|cleaning
		skin treatment|cleanse|cleaning|facial
		bio therapy
		facial treatment|treatments`},
	{"BROWS", `
		eyebrow|eyebrows|brow|brows|eybrows|eyebrown|brws shaping|shaped|shape|wax|waxed|waxing|threading|threaded|tidy|done|plucked|trim|trimmed?
		shape|wax my|the? brows|eyebrows`},
	{"LIP_WAX", `
		upper|top? lip wax|waxed|waxing|hair|removed|hairs|done
		upper|top lip
		wax my? upper|top? lip
		lip $
		moustache|mustache|tache wax|waxed|waxing|removal?`},
	{"BROWS+LIP_WAX", `
		upper? lip and|& brows|eyebrows waxed|wax|waxing
		brows|eyebrows and|& upper? lip wax|waxed|waxing?`},
	{"GEL_MANI", `
		gel? manicure|manicures|mani|manis|manicured
		gel|new|my|the|her|his nails done?
		nails|nail done|appt|appointment|session|set?
		fingernails|fingernail
		gel polish|set|one
		gel hands|fingers
		hand care|gel
		hands in gel
		shellac on hands
		my nails off
		gel $
		the|my gel !for
		gel off|on !toes|feet`},
	{"GEL_PEDI", `
		gel? pedicure|pedicures|pedi|pedis|pedicur
		gel? toenails|toenail
		toe|toes nails
		gel? toes done?
		gel for|on my? toes|feet|foot
		foot care
		feet done`},
	{"GEL_MANI+GEL_PEDI", `
		hands and|& feet|toes in? gel?
		gel hands and feet
		nails on? hands and feet
		nails|gel for|on|in my? hands and|& feet|toes
		mani pedi|pedis
		mani and|n|& pedi
		fingers and toes`},
	{"MASSAGE_30", `
		half an? hour|hours of? body? massage|massages
		halfhour|30|thirty minute|minutes|min|mins|mns of? a? body? massage|massages
		30 massage
		short|shorter|shortest|small|little|quick|cheapest body? massage
		massage|massages of? for|the|a? half an? hour|hours
		massage|massages of? for|the|a? halfhour|30|thirty minute|minutes|min|mins|m?
		massage the short|shorter one`},
	{"MASSAGE_60", `
		one|1|an|full|whole hour|hours|hr|hrs|h of? body? massage|massages
		1hr|hours|hour body? massage
		60|sixty minute|minutes|min|mins|mns of? a? body? massage|massages
		60 massage
		long|longer|longest|full body? massage
		massage|massages of? for|the|a? one|1|an|full hour|hr
		massage|massages of? for|the|a? 60|sixty minute|minutes|min|mins|m?
		massage the long|longer one`},
	{"MASSAGE_30+MASSAGE_60", `
		30|thirty|half minute|min|hour? or|vs|v|and|versus the? 60|sixty|an|a|full minute|min|hour|hr massage
		half an? hour or|vs|v a|an? full? hour of? massage`},
	{"MASSAGE_30|MASSAGE_60", `
		body|back|full|relaxing? massage|massages|masage|masaje|massge|massagge|rubdown`},
	{"MAKEUP", `
		makeup|makeups|makup party|wedding|bridal|evening?
		party|evening|wedding|bridal|day makeup
		make up !my|your|for|the|a|his|to|her`},
	{"PACK_HC", `
		pack|package|combo|bundle|offer|deal of|with|for? the? highlights|highlight and|plus|with|n|& a|the? cut|haircut|trim
		highlights|highlight and|plus|with|n|&? a|the? cut|haircut|trim pack|package|combo|bundle|offer|deal
		highlights|highlight and|plus|with|n|&? a|the? cut|haircut|trim as|in a|the? pack|package|combo|bundle`},
}

// englishKinds tell services of one name apart.
var englishKinds = []entry[string]{
	{"OIL_COLOUR", `oil|oily|gloss|glossy`},
	{"COLOUR_FULL", `full|whole|complete|entire|total|all my hair !not|head|over`},
	{"CLAY_RICH", `rich|richer|intensive`},
	{"CLAY", `normal|plain|simple|mineral|basic|regular|ordinary|cheaper`},
	{"MASSAGE_30", `
		30|thirty
		half an? hour
		halfhour
		short|shorter|shortest|cheapest`},
	{"", `how long`},
	{"MASSAGE_60", `
		60|sixty
		an|one|1|full|the hour|hr|hours
		hour|1hr $
		^ hour
		long|longer|longest`},
	{"SCALP_CALM", `soothing|calming|calm|gentle|relaxing`},
	{"SCALP_FORCE", `strengthening|strength|strong|stronger|fortifying`},
	{"CONSULT_HAIR", `hair|capillary|scalp|cut|colour|color`},
	{"CONSULT_AES", `skin|beauty|aesthetic|aesthetics|face|facial`},
	{"STYLE_LONG", `long|longer`},
}

// englishKeeps stand before a service that is not meant.
var englishKeeps = []entry[bool]{
	{true, `
		no
		keep|leave the|my?
		keep|leave my <weekday>
		keeping the|my?`},
}
