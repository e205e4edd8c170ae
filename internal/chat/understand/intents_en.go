package understand

// englishIntents are the wordings of each intent.
var englishIntents = []entry[Intent]{
	{Yes, `
		^ yes|yep|yeah|yup|yea|yeh|yess|ye|aye|yh please?
		^ ok|okay|okey|k|kk|okie|oki|oka
		^ sure|certainly|absolutely|definitely|totally|alright|fine|perfect|great|lovely|brilliant|excellent|awesome|cool|super
		^ wonderful|agreed|correct|exactly|indeed|affirmative|fab|fabulous|fantastic|amazing|gladly|sorted|ideal
		^ deal|right|good $
		^ all right|good
		^ for sure
		of course
		sounds|looks|seems good|great|perfect|fine|lovely|right|nice|ok|ideal
		that|this|it|which|thatll|itll works|work|suits|fits
		thats|its be? fine|perfect|good|great|ok|okay|ideal|lovely|brilliant|alright
		that|it is|will|would be? fine|perfect|good|great|ok|okay|ideal|lovely|brilliant|alright
		suits|works for|fine by|fine with me
		works|good|great|perfect for me|us
		that|it|this works|suits|fits me?
		^ go ahead|on|for
		lets|let us? do|book|go it|that|this|with|for
		^ do|book|reserve|confirm|take it|that|this|both
		ill take|have|do|book it|that|this
		id love to|that|it
		^ i would|do $
		please do
		^ why not
		no|not problem|worries|objection|objections
		not a problem
		thats|that is|s? me|right|correct|it
		that is|s me|right|correct|it
		^ its|it me|is $
		^ it is me?
		^ speaking $
		^ me $
		i? confirm|confirmed|accept
		happy with that|it
		👍`},
	{No, `
		^ no|nope|nah|naw|noo|nay|nop !idea|preference|preferences|one|problem|problems|worries|matter|doubt|rush|hurry|clue|objection|objections|later|earlier|longer|pack|package|stylist|se|importa|hay|tengo|puedo|puede|podre|podria|podemos|llego|llegare|funciona|va|me|sabia|estoy|pasa|recuerdo|he|ha|entiendo|abre|deja|carga|teneis|tienes|tienen|es|viene|tiene|quiero|lo|puedes|sirve|os|te|voy|vamos|sin
		^ no thanks|thank you?
		not really
		^ not now|yet|this $
		^ not this time
		no way
		i? dont|do not? think so
		id rather not
		i? prefer|rather not
		^ no need
		dont|do not want|need it|that|this|them|to
		^ i? dont|do not? $
		not interested
		^ nothing $
		^ never|negative|neither
		thats|that is|s? not me|right|correct|it
		thats not
		that|it is not me|right|correct|it|my
		that|it isnt me|right|correct|it|my
		not|isnt my name
		thats|that|its|it is|s? wrong|incorrect
		^ wrong|incorrect
		none of them|those|these
		dont bother
		leave it
		👎`},
	{Nothing, `
		human hair
		cancellation policy|terms|fee|fees|rules|conditions
		^ right now|away
		no one
		^ fine thanks
		book club
		price match
		^ sure how|if|what|which
		^ ok google
		^ good luck`},
	{Greeting, `
		^ hi|hello|hey|hiya|heya|hallo|helo|greetings|howdy|yo there|again|luma?
		good morning|afternoon|evening|day
		^ morning|evening|afternoon all|guys|team|everyone $`},
	{Thanks, `
		thanks|thankyou|thx|tnx|ty|cheers|thnx|tysm
		thank you|u
		much appreciated
		appreciate it
		^ ta $
		🙏`},
	{Goodbye, `
		^ bye|goodbye|byebye|cya|ciao
		bye|goodbye $
		see you|ya|u !on|at|friday|monday|tuesday|wednesday|thursday|saturday|tomorrow
		take care
		good night
		talk to? you? later|soon
		have a good|nice|great|lovely day|evening|one|weekend|night`},
	{Person, `
		^ agent|human|person|operator|representative|receptionist|manager|staff|reception|rep|advisor $
		^ a|an|the real|actual|live|human? agent|human|person|operator|representative|manager|receptionist $
		real|actual|live|proper person|human|agent|people|someone
		human|live agent|being|operator|support|person|assistance|assistant|help
		talk|speak|chat|speaking|talking to|with a|an|the|your|any|some? real|actual|live? person|human|agent|someone|somebody|operator|manager|receptionist|colleague|staff|team|advisor|representative|owner|people|boss
		connect|transfer|put|pass|hand|get me * person|human|agent|someone|somebody|manager|operator|staff|reception|representative|receptionist
		talk|speak|speaking|chat to|with someone|somebody|anyone|anybody|people
		get|give|find me? a|an real? human|agent|person|operator|manager $
		customer service|support|care
		want|need|like|prefer a|an|to? real? human|person|agent|operator $
		rather|prefer talk|speak|a human|person
		a? human please $
		not a|to? bot|robot|machine
		someone|person|human from the? salon|team|staff
		can|could someone|somebody call|phone|ring|help me
		call|phone|ring me back
		call|phone|ring me $
		is there|anyone|somebody * there|real|human`},
	{Cancel, `
		cancel%
		call * off
		drop|delete|scrap|remove|forget|bin my|the|that|this|our appointment|booking|visit|reservation|slot|appt
		dont want the|my|to appointment|booking|come`},
	{Move, `
		reschedul%
		postpon%
		rearrang%
		rebook%
		move|change|shift|push|bring|switch|swap my|the|our|this|that|an * appointment|booking|visit|slot|time|date|reservation|appt|day
		move|shift|push|bring it|that|me
		change it to
		move|put|change * to another|different time|day`},
	{Delay, `
		running|run|be|im|am|ill * late !afternoon|in|on|slot|evening|morning
		delayed|delay|delays
		stuck|held in|up
		on my way
		<n> minutes|mins|min late
		there in|by <n>
		late for|to my|the appointment|visit|booking`},
	{Duration, `
		how long
		how much time|long
		how many minutes|hours
		duration
		take|takes|last|lasts long`},
	{Price, `
		price|prices|pricing|priced|pricelist
		cost|costs
		how|hw much|mch
		how expensive|dear
		rates|tariff|tariffs|fee|fees
		do|would you|it charge
		quote
		cheaper|cheapest|expensive|saving|savings`},
	{Complaint, `
		complain%
		useless|incompetent|pathetic|scam|scammers|thieves
		terrible|awful|horrible|disgusting|unacceptable|rubbish|ruined|rude|disappointed|disappointing|unhappy|furious|appalling|shocking
		not happy|satisfied|pleased
		worst
		my? money back
		i? want|need|demand a|my refund
		hate|hated my|the|what`},
	{PaymentProblem, `
		link|payment|card|page|pay|checkout|transaction|bank * fails|failed|fail|failing|declined|rejected|refused|broken|expired|stuck|error|invalid|bounced
		link|payment|card|page|website|it|checkout|that * doesnt|isnt|wont|not|cant|didnt|never work|working|open|opening|load|loading|go|going|gone
		cant|cannot|couldnt|unable|not able? to? pay|open|complete * link|payment|it|deposit?
		wont|doesnt|not let|letting me * pay
		same|still|another problem|error|issue|message|trouble
		link|payment|card problem|issue|error|trouble
		problem|problems|issue|trouble|error * pay|paying|payment|link|card
		my card was|got|is|keeps`},
	{PaidClaim, `
		i|we|ive|weve just|have|already? paid
		have|has|already|just|been paid
		paid already|it|now|the deposit
		^ paid $
		payment|transfer|deposit is|has|was|been? been? done|made|sent|complete|completed|through
		payment|deposit went through
		made|sent|completed|done the payment|deposit|transfer`},
	{SendLink, `
		send|resend|share|give * link
		link again
		new|another|fresh|payment|pay link
		where is|s? the * link
		wheres the|my|that * link
		didnt|havent|not|never get|got|receive|received|see * link
		need|want|lost|find the * link
		^ the? payment? link $
		wheres|where is the? payment`},
	{SwitchLanguage, `
		english please|pls|plz
		in english
		speak|talk|write|answer|reply|use|prefer in? english
		^ english $
		to english
		english version|only
		en ingles
		ingles por favor
		hablas|hablais|habla|habla% ingles
		^ ingles $
		بالانجليزي|بالانجليزيه|بالانكليزيه|بالانكليزي|انجليزي|انكليزي
		باللغه الانجليزيه|الانكليزيه
		اللغه? الانجليزيه|الانكليزيه`},
	{Stop, `
		^ stop|unsubscribe|optout $
		stop|quit messaging|texting|sending|writing|contacting
		opt|opting out
		unsubscribe me
		dont|do not? message|text|write|contact|send me|us`},
	{Start, `
		^ start|subscribe|optin $
		opt in
		subscribe me`},
	{Usual, `
		the|my|as|same? usual
		same as|like last|before|always|usual|previous time?
		same thing? again
		like|what i always|usually|normally get|have|do
		same as i`},
	{ThirdParty, `
		for my mother|mum|mom|mam|mummy|father|dad|sister|brother|daughter|son|husband|wife|girlfriend|boyfriend|partner|friend|aunt|uncle|cousin|grandmother|grandma|gran|niece|boss|colleague|kid|child|mate
		for a friend|relative|colleague
		for someone|somebody else
		for another person
		on behalf of
		my mother|mum|mom|sister|daughter|son|husband|wife|friend|dad wants|needs|would|is`},
	{Group, `
		me|i and|plus my a?
		my mother|mum|mom|sister|daughter|son|husband|wife|friend|friends|partner|cousin and|n i|me|myself
		the? <n> of us
		for <n> people|persons|of
		for|book|with both|two|three|us of us|both
		together with my|a
		group booking|of
		book|reserve us|for both?
		and for|one my mother|mum|mom|sister|daughter|son|husband|wife|friend
		two|three|four people|friends`},
	{Correction, `
		i meant|mean
		i? actually meant|wanted|prefer|need|want
		correction
		instead !of
		wait no
		scratch|ignore|forget that
		changed my mind
		made|my a? mistake
		better|make it|that !not
		i said
		not that`},
	{Undecided, `
		unsure|undecided|indecisive
		not sure|certain|decided if|whether|between|about|which|what !day|days|time|date|hour|stylist|the
		havent|not decided|chosen|made
		dont|do not? know which|what|whether|if to|id|i|is|would|suits|one|treatment|service !can|could|have|am
		cant|cannot|couldnt decide|choose|pick
		cant|cannot make up my mind
		hesitating|wavering|dithering|debating
		in two minds
		toss up
		what|which|what do|would|should|one|can|you * recommend|suggest|advise|advice
		what|wot do|would|d|wd you|u|ya think|reckon
		what should|shall|would i|you get|have|do|choose|pick|go
		any|some|your|need|want|like advice|suggestion|suggestions|opinion|help choosing|deciding?
		your advice|opinion|recommendation
		which|what|one|it * suits|suit me|my
		recommend|suggest anything|something|me
		any recommendation|recommendations|suggestion|suggestions|advice
		which is|one|would|are|of|wd|do * better|best
		whats|which|what better|best
		better|best for me|my
		what|which should|would i|suit
		torn between
		help me choose|decide|pick`},
	{Unsure, `
		not sure|certain|decided
		dont|do not? know
		dunno|idk
		no idea|clue`},
	{Decided, `
		i|ive have? decided on|for|to
		made|make my|up mind|my mind?
		i know what|exactly|which
		no|without doubt|doubts|hesitation
		definitely|defo the|a|my|want|highlights|colour|color|cut|haircut|clay
		im|i am|quite|very|pretty|totally|completely sure|certain|decided`},
	{ListServices, `
		what|which * services|treatments
		what|all do|can|else * you do|offer|have|provide
		list of|the services|treatments
		services list
		^ services|menu|treatments $
		the|your|a menu
		price list`},
	{MyBooking, `
		when|what|whats|wheres time? is|s? my appointment|booking|visit|appt|reservation
		do|have i|we * have|got an|a|any appointment|booking|appointments|visit
		my next|upcoming|existing|current appointment|booking|visit
		check|see|confirm|find my appointment|booking|visit|reservation`},
	{NameCorrection, `
		my name is|s actually|really
		my names actually|really`},
	{Book, `
		book|booking|bookings|reserve|reservation|reserving|schedule
		appointment|appointments|appt|apt|apptmt
		any chance|availability|slots|slot|space|spaces|opening|openings|spot|spots|gap|gaps|vacancy
		is|are|do|have|got|got * available|free|space|slots|slot|openings
		anything|something|someone free|available|going|open
		fit|squeeze me|us in
		hair|nails|brows|eyebrows|roots done
		come|pop in for|on|at
		see|visit you`},
}
