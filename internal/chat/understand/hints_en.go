package understand

import "frontdesk/models"

// englishHints are the wordings of the hints.
var englishHints = []entry[hint]{
	{hintKeep, `
		leave|keep it|this|that|them as it is|was
		leave|keep it|everything as is
		leave|keep my|the visit|appointment|booking`},
	{hintCannot, `
		cant|cannot|wont|couldnt make|come|attend it|that|the|my|tomorrow|today|anymore?
		wont|not be? able to make|come|attend
		not|no longer coming|going`},
	{hintPack, `
		packs|pack|package|packages|combo|bundle|duo|pkg
		the|that|this|your|special deal|offer|promo|promotion`},
	{hintNoPack, `
		no need for|of the|a? pack|package|combo|bundle|deal|offer
		without|no|not|skip|minus|except|forget the|a|that? pack|package|combo|bundle|deal|offer
		dont|doesnt|do not? want|need|like the|a|that|any? pack|package|combo|bundle|deal
		separately|individually|standalone`},
	{hintOnly, `just|only|simply|single|merely|solely`},
	{hintSeparate, `
		two|2|separate|different|another|extra|second bookings|visits|appointments|appts|booking|visit|appointment
		separately|apart
		one after|by|at the|a? other|another|one|time
		one by one
		back to back`},
	{hintBoth, `
		both
		the two of them
		my|the|these|those two|2 appointments|appts|visits|bookings
		them both`},
	{hintAnyone, `
		anyone|anybody|whoever|whomever|whoever's
		any stylist|hairdresser|person|stylists|of them|one|staff|girl|body
		no|without|havent|not a|any|got? preference|preferences
		dont|doesnt|not|wont really? mind|care|fussed|fussy|bothered|matter|bother
		do|does not really? mind|care|matter
		no matter
		up to you|u
		you|u choose|decide|pick
		surprise me
		either of them|the
		all the same to me
		its|all the? same
		no one in? particular
		nobody in? particular
		not fussy|fussed|bothered|picky
		im easy|flexible
		idc|idm`},
	{hintAny, `
		^ any|either|whichever|whatever|anything $
		either is|works|one|will|would|of
		any of them|those|these|the|that|time
		whichever|whatever is|you|works|suits|one
		whichever`},
	{hintAnyDay, `
		any day|date
		any day works|is|of
		whenever
		whatever|whichever day|date
		no matter which|what day
		dont|doesnt|do not mind|matter|care the|what|which day
		i|im easy|flexible on|with|about the? day|days`},
	{hintAnyTime, `
		anytime
		any time`},
	{hintEarliest, `
		how soon can|could|are
		first thing|one|slot you|she|he|ye|going|has|have
		first thing she|he|they|you|ye has|have|got
		as early as ye|you open?
		as soon as ye|you|u|possible can?
		first free day|slot
		free first
		the? first|earliest|soonest|next|nearest available|free|possible|opening|gap|availability|appointment|you slot|appointment|time|one|option?
		the? first|next slot|space|spot $
		whats|what is|s? the? first|next|earliest|soonest
		as soon as possible|you|u|poss
		asap
		as early as possible|you
		^ the? soonest|earliest one?
		earliest|soonest
		the? sooner the better
		right|straight away|now
		first thing available
		whatever|whoever|whichever|who|what is|s|comes|you * first|soonest|earliest
		whoever|whatevers free|available first|soonest`},
	{hintOther, `
		anything|something|anyone|somewhere|what else
		any|some|the? other|another|different|more|alternative|further time|times|slot|slots|option|options|hour|hours|availability|appointment|appointments|alternatives|choices|one
		show|give|see me? more
		any others|alternatives|alternative
		^ others|other|another|more $
		none|neither of? them|those|these|the work|works|suit|suits?
		^ neither|none
		cant|cannot|couldnt do|make those|these|them|either|any|that|it
		dont|doesnt|not|wont work|suit|good for|with me|us
		those|these|they|that|it dont|doesnt|wont|not really? work|suit`},
	{hintOtherDay, `
		any|some|on|the? other|another|different|more|alternative|further day|days|date|dates
		what|how about? another|other|different day|days|date|dates
		not|cant|cannot|wont that|this|on day|date
		not on? that|this day|date
		that|this day|date doesnt|isnt|wont work|suit|good|possible`},
	{hintLater, `
		push|put|move|shift it|that|mine|my|the back by? an|a|half|one|two|two|it? hour|week|day?
		push|put|move * back !to|in|on
		delay|postpone my|it|the * by|an|a|week|hour?
		the? later|latest one|slot|time|option|appointment?
		a|any|something|anything|bit|little|much later on?
		a bit|little later
		later on?`},
	{hintEarlier, `
		bring * forward
		bring|move|pull it|mine|me forward|up
		move me up
		earlier|sooner than
		the? earlier|sooner one|slot|time|option|appointment?
		a|any|something|anything|bit|little|much earlier|sooner
		a bit|little earlier`},
	{hintNothing, `
		see|talk|speak|chat|text|write you|to|u? later|soon
		sooner|later or later|sooner
		or later|earlier|sooner
		no|not later|earlier than
		later than
		catch|see|talk|text|half|now|pay you|ya|u|half? later
		id? sooner|earlier speak|talk|call
		at the latest|earliest
		<weekday> latest
		remind|pay|decide|maybe me? later
		^ later $
		just|only a moment|minute|second|sec
		just like|wondering|want|wanted|to|checking|asking
		a|good deal of
		first time`},
	{hintSocial, `
		how are|r you|u|things
		hows|how it|you|your|things|life|everything going|doing|day?
		whats up
		wassup|sup
		are|r you|u a|an? bot|robot|human|real|ai|machine|computer|person|there
		who are|r you|u
		what are you !doing|offering|called
		tell me a? joke|story
		love|miss you|u
		nice|pleased|lovely to meet you?
		whats your name
		what is|s your name
		happy birthday|new|christmas|easter|holidays|eid
		nice|lovely|beautiful|terrible weather|day
		haha%
		hehe%
		lol|lmao|rofl
		bored|joke|funny
		hot|cold|sunny|raining today|outside
		did you watch|see`},
	{hintThatPerson, `
		with her|him|them|that|the same|stylist|lady|guy?
		same|usual stylist|person|girl|lady|lad|guy|fella|hairdresser|woman|one|chap
		the one i|who|that had|did|i before|last|it|had?
		her|him|them again`},
}

// englishFAQs are wordings of the usual questions, by key.
var englishFAQs = []entry[string]{
	{"", `
		<n> hours|hour
		couple|few|many|half|after hours|hour
		a|of hours`},
	{"hours", `
		opening|business|working hours|times|time
		hours
		what|when|which * hours|open|opens|close|closes|opening|closing
		when|what time|until|till do|are|is|does * open|close|shut|opened|closed
		are|r|will|be|is you|u|the|it|salon|luma * open|closed|shut
		do you|guys|u open|close|work
		how late|long|early are|do|is you * open
		open|opened on|at|tomorrow|today|until|till|late|sundays|saturdays|weekends|now
		opening|closing time
		your|the|whats schedule
		until|till what time|when`},
	{"parking", `
		park|parking|carpark
		leave my|the|a car
		car park
		place|space|room|spot for * car
		garage`},
	{"address", `
		address|location|directions|postcode
		where|whereabouts are|is|r you|u|the|it|your|luma|salon
		where * located|find you|based|situated
		how do|can|to i? get|find|reach there|you|to
		on the? map|maps
		google maps
		which street|area|part
		find|reach you|the
		nearest|closest metro|station|stop|bus`},
	{"cancellation", `
		cancellation|cancelation policy|terms|fee|fees|rules|conditions|charge|notice?
		if i|we|id|i'd need|have|want|must? to? cancel|cant|change|dont
		can|could|may|is i|it|we * cancel * free|refund|money|penalty|charge|later|last
		when|how|until can|late|long|early|much * cancel|notice
		refund policy|terms
		do|would|will|can i * deposit|money * back|returned|refunded|refund
		lose my|the deposit
		deposit refundable
		is * refundable
		what|happens * cancel
		rules|terms|conditions for|of|about cancelling|canceling|cancellation|cancellations`},
	{"payment", `
		payment|pay methods|method|options|option|terms
		how|where can|do|could|should i|we|you|to pay
		do|can|could you|i|we|u * take|accept|pay|use * card|cards|cash|visa|mastercard|amex|paypal|bizum|apple|google|revolut
		accept|take|by cards|card|cash|visa|mastercard|amex|paypal|bizum
		pay|paying|payment by|with|in|at|using cash|card|cards|the|person|salon|visa|apple
		how much|is|big|large|does|do|what|whats * deposit
		why|what|is|do|must * deposit
		pay|paying later|there|afterwards|upfront|advance
		in advance
		how do|does paying|payment work
		when do|must|should|can i|we pay`},
}

const (
	englishRude = `fuck fucking fucked fuckers fck wtf shit shitty bullshit crap damn bloody hell bitch bastard asshole arse
		idiot idiots stupid dumb moron morons useless piss pissed wanker screw`
	englishWearers = `man men mens gents gentleman male guy guys`
	englishMenfolk = `son sons boy boys husband hubby boyfriend bf dad da daddy father brother bro brothers lad lads grandson nephew uncle grandad grandpa grandfather himself fiance fella he`
)

var englishAbout = map[models.Category]string{
	models.Hair: `hair haircare hairdressing`, models.Aesthetics: `beauty aesthetics aesthetic skin face nails`,
}
