package understand

// The wordings by which English tells the roles of values, and how names are given.

var englishNames = []entry[introduction]{
	{introName, `
			my full|first? name is|s actually|really?
			my names actually|really?
			my name its?
			^ name is?
			you? can|may|could? call me
			they|people|everyone|friends call|calls me`},
	{introSelf, `
			im|i actually|really?
			i am|m actually|really?
			its|it actually|really?
			it is|s
			this|that is
			thats
			^ am
			here is
			the names|name is?`},
	{introName, `
			im|i am|m called|named
			i go by
			my|the real|correct|proper|new|full|actual|legal|true name|names is|s?
			new|real|correct|full|maiden name is|s?
			mine is|s
			her|his|their name is|s
			wifes|husbands|daughters|sons|sisters|mothers|mums name is
			name should|is|to|was be|say|read?
			it? should be|say|read|have been
			correct spelling is
			its|it is? spelt|spelled|written
			surname|name is spelt|spelled
			friends call me
			names !been|wrong|on|is
			thatd|that would be`},
	{introNothing, `
			name is wrong|misspelt|misspelled|spelled|on
			is it|that|there|this|the|your
			its|it is a|an|the|ok|okay|fine|for|not
			should be ok|fine|okay|good|able|there|here|at`},
	{introPut, `
			under the? name? of|is?
			put|write|save|book|have me? down|in? as|under|for?
			use|write
			change|update|correct|fix|amend my? name? on? to
			name to
			my? name|names`},
	{introTail, `
			here|speaking|it
			now|these|days
			with|without a|an|two|one|the
			not|rather|lol|haha|instead
			is my? last|family|first|full? name|surname|lastname
			yes|yep|yeah|correct $`},
	{introSurname, `
			my? surname|surnames|lastname is|its|s|are?
			my? last|family|second name|names is|its|s|are?`},
}

var englishSlips = []entry[bool]{{true, `
			i? meant|mean !to
			meant the|to
			correction
			i said
			scratch|ignore|forget that
			my mistake|bad
			misread|mistyped|misspoke|misunderstood|typo|oops|whoops
			wait|hang on|no?
			actually make that|it
			make that
			sorry not
			changed my mind
			actually only|just|no
			no no !problem|worries|thanks`}}

var englishSpoils = []entry[bool]{{true, `
			is|s|isnt|was|wont|doesnt|didnt|dont|doesn|not? not|no? good|suit|suiting|work|working|do|possible|available|an? option|great|ideal
			is|s out|off|gone|impossible|awkward|full|tricky|bad
			no good|longer|use
			doesnt|isnt|wont|didnt|dont
			moved|clashes
			thats|this out`}}

const englishShorts = `
		b4 before
		aft after
		efter after
		2moro tomorrow
		2nite tonight
		2night tonight
		2day today
		u you
		ur your
		r are
		mornin morning
		afternoons afternoon
		weds wednesday
		thx thanks
		`
