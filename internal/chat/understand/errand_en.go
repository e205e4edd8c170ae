package understand

func englishErrands() errandTable {
	return errandTable{
		language: &english,
		commands: []entry[ErrandKind]{
			{DoBrowse, `
				browse
				categories|category|catalogue|catalog|products|shop|store
				go? back? to? the? catalogue|catalog|shop|store|categories`},
			{DoShow, `
				show|list|open me? the|your?
				category`},
			{DoMore, `
				more
				show me? more
				next
				next page`},
			{DoDetails, `
				details|detail|info|information of|about|on|for? the?
				show|tell me? details|info of|about|on|for? the?`},
			{DoAdd, `
				add
				add to? my|the? basket|cart|bag?`},
			{DoCart, `
				my|the? cart|basket|bag|trolley
				show|see|view|open|check me? my|the? cart|basket|bag|trolley`},
			{DoQty, `
				qty|quantity of|for?
				change|set the? qty|quantity of|for?`},
			{DoRemove, `
				remove|delete|drop the?
				take out the?`},
			{DoEmpty, `
				empty|clear my|the? cart|basket|bag
				remove|delete everything|all`},
			{DoCheckout, `
				checkout
				check out
				pay
				order
				order now`},
			{DoStatus, `
				status of? my|the? order|parcel?
				order status
				my orders|order
				track my|the? order|parcel?`},
			{DoReturn, `
				return my|the|an? order|product|item?
				returns`},
		},
		wordings: []entry[ErrandKind]{
			{DoBrowse, `
				what do|can you sell
				what can i buy
				what|which products|goods|cosmetics do|can you
				show|see|view me? your|the? all? products|catalogue|catalog|categories|shop|store|shelves
				what|which categories
				browse|visit your|the? products|shop|store|catalogue|catalog
				keep|continue|carry on? shopping|browsing
				do you sell|have products|anything for sale?`},
			{DoMore, `
				show|see me? more|others of? them|those?
				any others|more $
				what else do you have $
				next page`},
			{DoDetails, `
				tell me more about
				more|all info|information|details about|on|of|for
				more about
				what|whats is|s? in it|that
				ingredients
				how much is|are|for the?
				photo|picture|image of
				can i see it|that|one`},
			{DoAdd, `
				put|add|throw|pop|stick * in|into|to my|the|a basket|cart|bag|trolley|order
				add * to? basket|cart|bag|order
				ill|i take|buy
				i will|would|want|d take|buy
				like|want|need to buy|order
				can|could|may i buy|order|get
				ill have the?
				give|get|order me
				i want it|that|this|those|them|these|one|two|three|four|the|<n>`},
			{DoCart, `
				whats|what in|is|s? in? my|the cart|basket|bag|trolley
				see|show|view|open|check me? my|the cart|basket|bag|trolley
				how much is my|the cart|basket|bag
				my cart|basket|trolley $
				what have i got|chosen|added`},
			{DoQty, `
				make it|that|them|those <n>
				make it|that|them|those two|three|four|five|six
				change * to <n>
				change * to one|two|three|four|five|six
				only|just <n>|one|two|three of
				i only want <n>|one|two|three of`},
			{DoRemove, `
				take * out|off of|from? my|the? cart|basket|bag?
				get rid of
				remove|delete * from my|the? cart|basket|bag|order
				remove|delete it|that|those|them|the
				dont|not want * anymore $
				dont|not want it|that|those|them $`},
			{DoEmpty, `
				empty|clear my|the cart|basket|bag
				start over with my|the cart|basket
				remove|delete everything`},
			{DoCheckout, `
				go|proceed|continue to? checkout|payment
				checkout|check out my|the? cart|basket|bag|now|please?
				place|complete|finish|confirm|send my|the|an order
				ready to order|pay|checkout
				pay for my|the cart|basket|bag|order|products|things
				pay for it all
				buy|order whats|what is? in my|the? cart|basket|bag
				buy|order it all`},
			{DoStatus, `
				where|wheres is|s? my|the order|parcel|package|delivery
				status of my|the order|parcel
				track my|the order|parcel|package
				when will|does my|the order|parcel|package arrive|come|get
				my orders $`},
			{DoReturn, `
				return|send * back|order|product|item
				want|like|need to return|exchange
				i want|need a return
				start|open|request a return`},
			{DoGiveUp, `
				cancel my|the|this|that order
				cancel the? order|purchase
				dont|not want my|the order anymore`},
			{DoBack, `
				back to my|the booking|appointment|visit
				continue|go on with? my|the booking|appointment|visit
				finish|complete my|the booking|appointment`},
		},
		basket: `
			my|the|a? basket|cart|trolley
			shopping bag`,
		pages: `
			page|p <n>`,
		those: `
			it|them|those|these
			of that|this
			that|this one
			the same one?
			the one`,
		more: `
			<n> more
			one|two|three|four|five|six more
			another of|one
			another <n>
			another two|three|four
			one|two|three more of`,
		all: `
			^ all|everything of|them|it? $
			all of it|them
			the whole order
			every item|thing`,
		ordinals: []entry[int]{
			{0, `number|no|nr|option|item|product|row|# <n>`},
			{1, `the? first one|product|item?`},
			{2, `the second one|product|item?
				second one|product|item`},
			{3, `the third one|product|item?
				third one|product|item`},
			{4, `the fourth one|product|item?`},
			{5, `the fifth one|product|item?`},
			{-1, `the last one|product|item?`},
		},
		idle: `hiya heya heyy hii do have sell stock carry got any some looking search find buy basket cart bag trolley order products product items item shop store category categories
			show me tell add put remove delete take out page details info checkout qty quantity number option available recommend something one ones kind sort your my the of
			without with for in free-from free and pieces piece bottles bottle units unit pack packs more another want need like d s ll ve re please return back parcel
			status where price cost much how is are what which it them those these this that`,
		units: `ml l cl g gr gram grams kg oz cm mm w`,
	}
}
