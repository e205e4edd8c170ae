package understand

import "frontdesk/models"

// english holds the days, times, numbers and everyday words of English; what is asked and said is in
// intents_en.go.
var english = lexicon{
	language: models.English,
	intents:  englishIntents,
	hints:    englishHints,
	health:   englishHealth,
	faqs:     englishFAQs,
	menu:     englishMenu,
	handling: `opened stock dozen bottle pack bottles sealed faulty broken wrong buy sell purchase returning exchange stocking missing delivered ordered unopened damaged tube pot jar box`,
	goods:    englishGoods, traits: englishTraits, kin: englishKin, amounts: englishAmounts,
	kinds: englishKinds,
	keeps: englishKeeps,

	names: englishNames,

	days: []entry[dayRule]{
		{dayToday, `
			today|2day|tonight
			this morning|afternoon|evening|arvo`},
		{dayTomorrow, `tomorrow|tmrw|tmr|tmw|2moro|2morrow|tomoro|tomoz|tomorow|tommorow|tommorrow|morrow`},
		{dayAfterTomorrow, `
			the? day after tomorrow|tmrw|tomorow|tommorow
			day after next
			overmorrow`},
		{dayComing, `
			<weekday>
			this? coming|upcoming <weekday>
			the following <weekday>`},
		{dayThis, `this <weekday>`},
		{dayNextWeek, `
			next <weekday>
			<weekday> of? next week
			next week on? <weekday>
			<weekday> week
			a week on|from <weekday>`},
		{dayDate, `
			<weekday>? the? <n> th|st|nd|rd? of? <month>
			<weekday>? the? <nth> of? <month>
			<weekday>? <month> the? <n> th|st|nd|rd?
			<weekday>? <month> the? <nth>`},
		{dayWeekdayDate, `
			<weekday> the? <n> th|st|nd|rd?
			<weekday> the? <nth>`},
		{dayOfMonth, `
			the? <n> th|st|nd|rd
			on the <n>
			^ the <n> $
			on? the <nth> !one|option|choice|slot|time|available|appointment|thing|stylist`},
		{dayWritten, `<weekday>? the? <date>`},
		{dayInDays, `
			in <n> days|day time?
			<n> days from now|today`},
		{dayInWeeks, `
			in <n> weeks|week time?
			<n> weeks from now|today`},
		{dayInWeek, `
			in a|one week|weeks time?
			a|one week from now|today
			a week today`},
		{daySameNextWeek, `
			the? same day|weekday the? next|following week
			the? same day a week later|after`},
		{daysThisWeek, `
			this week
			later this week
			rest of the week`},
		{daysNextWeek, `
			next week
			the? week after`},
		{daysWeekAfterNext, `
			the? week after next
			the week after that`},
		{daysWeekOf, `
			the? week of the? <n> th|st|nd|rd?
			the? <n> th|st|nd|rd? or later that week
			<weekday> the? <n> th|st|nd|rd? or later that week`},
		{daysTomorrowOrNext, `
			tomorrow or the? day after
			tomorrow or the next`},
		{daysBefore, `
			before <weekday>
			by <weekday>`},
		{daysWeekend, `
			this|the|coming|at|on|over? the? weekend|weekends
			saturday or|and sunday`},
		{daysNextWeekend, `next weekend`},
	},

	parts: []entry[Part]{
		{Morning, `
			mornings|morning
			before lunch|lunchtime|midday|noon
			first thing
			early in the day`},
		{Afternoon, `
			afternoons|afternoon|arvo
			after lunch|lunchtime|midday`},
		{Evening, `
			evenings|evening|eve|tonight|night|nights
			late afternoon
			after work|school|office|college|uni
			after the office
			end of the? day
			late in the day`},
	},

	hours: []entry[hourRule]{
		{hourNone, `
			<n> minutes|minute|mins|min|hours|hour|people|persons|services|days|day|weeks|week|months|years|euros|eur|pounds
			<n> th|st|nd|rd
			<n> th|st|nd|rd? of? <month>
			<month> the? <n>
			option|number|choice <n>
			<n> of us|them|those|these
			no|the|this|that|which|each|second|first|later|earlier|another|other|last|cheaper|longer|any one
			one|1 of
			one|1 more|hour|day|more|service`},
		{hourBare, `<hour>`},
		{hourWhole, `<hour> oclock|h|hs|hr|hrs
			<hour> o clock
			<hour> sharp|exactly`},
		{hourClock, `<clock> h|hs|hrs|oclock?`},
		{hourMinutes, `<hour> h <minutes>
			<hour> <minutes>`},
		{hourHalf, `
			half past <hour>
			half <hour>`},
		{hourQuarter, `a? quarter past|after <hour>`},
		{hourLessQuarter, `a? quarter to|before|of|til|till <hour>`},
		{hourLess, `<few> minutes|mins|min? to|til|till|before <hour>`},
		{hourMore, `<few> minutes|mins|min? past|after|gone <hour>`},
		{hourIsh, `<hour> ish`},
		{hourNoon, `noon|noontime`},
		{hourMidday, `
			midday
			mid day
			middle of the day`},
		{hourLunch, `
			at|around|during|over lunch
			lunchtime
			lunch time|break|hour`},
	},

	half: []entry[halfDay]{
		{am, `
			am
			a m
			in the? morning
			morning`},
		{pm, `
			pm|p
			p m
			in the? afternoon|evening
			at night
			afternoon|evening|tonight`},
	},

	before: []entry[timeWord]{
		{wordAt, `
			at|@
			at to|for
			change|move|shift|push|bring|make|switch it|that? to
			have|need|want the
			can|could we say
			make|do it|that for?
			what|how about`},
		{wordAbout, `
			at? around|about|approx|approximately|roughly|circa|near|nearer|say|maybe
			close|closer to`},
		{wordAfter, `
			any? time|anytime? after|past|from
			not|no|nothing before
			no|not earlier than
			later than
			starting|start at|from
			as of|from`},
		{wordBetween, `
			in? between
			from between`},
		{wordBefore, `
			before|by|until|till|til
			not|no later than
			earlier than
			up to
			not|nothing after`},
		{wordTo, `to|thru|through`},
	},
	after: []entry[timeWord]{
		{wordAfter, `
			or|and later|after|onwards|onward|on
			onwards|onward|upwards|plus`},
		{wordBefore, `
			or earlier|before|sooner
			at the? latest
			latest`},
		{wordAbout, `
			or so|thereabouts|around
			ish
			more or less
			approximately|approx|roughly`},
	},

	ordinals: []entry[int]{
		{0, `
			option|number|choice|slot|no|nr|num <n>
			the? <n> th|st|nd|rd one|option|choice|slot|time
			^ the? <n> th|st|nd|rd $
			^ the? <n> please? $
			ill take|have the? <n> $
			# <n>`},
		{1, `
			the first one|option|choice|slot|time|service|please
			the first $
			^ first $
			first one|option|choice
			^ first|1st is|works|suits|sounds|would|will
			the former
			the top one
			option a|one
			number one`},
		{2, `
			the second one|option|choice|slot|time|service|please
			the second $
			^ second $
			second one|option|choice
			^ second|2nd is|works|suits|sounds|would|will
			the latter
			the other one
			option b|two
			number two`},
		{3, `
			the third one|option|choice|slot|time|service|please
			the third $
			^ third $
			third one|option|choice
			option c|three
			number three`},
		{4, `
			the? fourth one|option|choice
			^ the? fourth $`},
		{5, `
			the? fifth one|option|choice
			^ the? fifth $`},
		{-1, `
			the? last|final|bottom one|option|choice|time
			^ the? last $`},
	},

	without: []entry[bool]{
		{true, `
			not|without|except|skip|minus|excluding
			but not
			instead of
			rather|other than
			anything|anyone|anybody|everyone but
			dont|doesnt|didnt do? want|need|like
			do not want|need
			cant|cannot|wont do|make
			cant|cannot`},
		{false, `
			why|if|whether|or not
			not just|only
			cant|cannot wait for|until`},
	},

	naming:  `name names named surname spelt spelled spell spelling called nickname maiden`,
	titles:  `mr mrs ms miss dr`,
	chatter: `x xx xxx haha hahaha lol hehe jaja lmao`,

	slips:   englishSlips,
	spoils:  englishSpoils,
	sources: `from instead than cant cannot wont couldnt rather lose lost clashes`,
	owners:  `my mine had ive booked down currently current original originally unable existing old`,
	targets: `to for into be become till until onto on2 2 4 becomes about around instead,`,
	asides:  `finish finishes finished interview wedding party flight fly flies train leaves leave meeting ends closes close closed shut exam birthday works school starts lands arrives match concert gig land gets hols holiday holidays appointment2 graduation doctor dentist ceremony`,
	breaks:  `so but could can for need want around after before anything can`,
	noes:    `not`,
	mends:   `sorry wait meant actually oops scratch mean correction`,
	shorts:  englishShorts,
	joins:   `or and to until till through thru n & nor either`,

	weekdays: [7]string{
		"sunday sundays sun", "monday mondays mon", "tuesday tuesdays tue tues", "wednesday wednesdays wed weds wensday wednsday",
		"thursday thursdays thu thur thurs thrusday", "friday fridays fri", "saturday saturdays sat",
	},
	months: [12]string{
		"january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
		"september sep sept", "october oct", "november nov", "december dec",
	},
	numbers: []string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "", "", "", "", "", "", "", "", "", "thirty",
	},
	nths: []string{
		"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
		"twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
	},

	courtesies: `please pls plz thanks thank you hi hello hey well so then oh um uh erm and but ah hmm there dear ok okay
		alright actually sorry love hun just darling guys team sir madam right`,
	common: `i you he she it we they me him her us them my your his its our their mine yours this that these those a an the
		is are was were be been am do does did have has had can could will would shall should may might must im ive id
		ill youre youve its thats whats hes shes theyre were weve dont doesnt didnt cant cannot wont wouldnt isnt arent
		wasnt havent hasnt couldnt and or but if then than because so as at by for from in into of off on onto out over to
		up with without about after before between during until since while where when what which who whom whose why how
		not no yes yeah yep nope ok please thanks thank sorry hello hi hey good great nice fine perfect sure lovely well
		want wants wanted need needs like likes love get gets got getting go goes going gone come comes coming came make
		makes made take takes took see look looking find found know knows think thought say said tell told ask asked give
		gave send sent try tried use used work works working help book booked booking reserve appointment visit slot time
		times day days week weeks month months year today now later earlier soon early late next last first again still
		already also too very really just only even maybe perhaps anything something nothing everything anyone someone
		somebody anybody everybody one ones two other another else more most less least any some all both each every few
		many much lot bit here there back down away again new old big small high low right left wrong true open opens
		opening close closes closed closing free available availability possible possibly price prices cost costs pay
		paying paid payment deposit money cash card cheap expensive link message messages text call phone number name
		names surname service services salon stylist hairdresser person people friend mother mum mom father dad sister
		brother daughter son husband wife girlfriend boyfriend baby kid kids child children man men woman women girl boy
		everyone whoever whichever whatever whenever wherever morning afternoon evening night noon midday lunch work
		office school hour hours minute minutes half quarter past tomorrow weekend option options pack deal offer
		question questions answer problem issue trouble wrong change move cancel confirm confirmed stop start wait hold
		keep let lets put show check suit suits prefer preferred preference rather instead actually definitely absolutely
		course exactly indeed happy glad hope hopefully wonder wondering interested excited quick quickly long short
		better best worse worst same different sort kind type thing things stuff way place address park parking street
		near far bus train car drive walk english spanish arabic language speak talk human agent manager hair nails face
		body skin hello bye goodbye cheers brilliant awesome cool super wonderful fab amazing beautiful pretty
		colour cut look feel felt feeling bored weather joke sunny robot bot dude whats hows joking lol haha
		today's able until unless though however anyway especially certainly currently usually always never sometimes often`,
	guarded: `brown crown cute cost coat mass message messages massive style smile markup polish cream color clear clean
		mask cat out shut but put hut nut gut curt count court chart start coffee facts fascia musical physical official
		follow below highway highest higher hairy fairy hello blowing drying trying saying shaving sharing shopping
		shipping sitting setting letting getting stealing styles sign design lit list lips rows row glow slow colon cold
		could cloud wax was wash watch match batch manage manager package passage cottage medicine machine nature
		mixture picture creature feature future mature`,
	spelled: `monday tuesday wednesday thursday friday saturday sunday tomorrow today january february april august september
		october november december morning afternoon evening weekend midday available appointment cancel reschedule
		please thanks thank earliest whoever anyone second first possible booking address parking english surname`,

	compounds: `
		hair cut haircut
		hair cuts haircut
		blow dry blowdry
		blow drying blowdry
		blow dried blowdry
		make up makeup
		eye brow eyebrow
		eye brows eyebrow
		high light highlight
		high lights highlight
		hi lights highlight
		half hour halfhour
		mid day midday
		day light daylight`,
	same: `
		haircut cut trim trims cutting haircuts
		highlight hilite hilites hilights highlighting highlighted streaks balayage babylights foils
		colour color dye dyed dyeing tint tinting colouring coloring colored coloured recolour recolor
		styling style styled hairstyle hairstyling updo
		blowdry blowout blowdrying
		eyebrow brow brows eyebrows
		manicure mani manicures
		pedicure pedi pedicures
		massage massages
		makeup
		man men mens man's men's gents gentleman gentlemens male males guy barber
		mask masque
		moisture moisturising moisturizing hydration hydrating moisturise moisturize
		facial biotherapy
		soothing calming
		strengthening strengthen fortifying
		wax waxing
		rich richer intensive
		consultation consult consultations
		full complete whole entire
		quick fast express`,
	weak: `scalp aesthetics long longer quick full deep rich free man men oil gel hand foot hands feet care treatment treatments wax hair body
		upper shaping design special service session min short half kids child women woman ladies lady root roots
		nail nails skin length rapid basic normal simple regular classic new good best nice big small medium
		whole head top one hour over all party own`,
	marked: `man rich long kids child`,
	silent: `the a an of for with my your in some to get do have per me please minute minutes min mins and or`,
	rude:   englishRude, about: englishAbout, wearers: englishWearers, menfolk: englishMenfolk,

	people: `will mark grace rose hope may june april august joy faith dawn eve summer autumn holly ivy lily ruby jack bill
		art ray rob pat drew chase hunter frank ernest victor christian young long short day rich small
		white black brown green best good love price cook baker king knight page parks moon star sky angel`,
	filling: `user me mum mom mama mommy dad daddy papa whatsapp admin test testing tester unknown null none nobody client
		customer guest info home family wife husband hubby baby babe love honey boss mr mrs ms miss dr sir madam
		the my new phone mobile number work private anonymous name noname nickname nil na you i myself contact available busy hey hi hello`,
	business: `salon shop store official support service services beauty studio spa clinic boutique sales ltd llc inc company
		business marketing group agency center centre restaurant cafe hotel trading enterprises cosmetics barbershop
		hairdresser hairdressers nails fashion travel tours solutions delivery`,
}
