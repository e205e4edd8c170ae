package harness

import "time"

// Booking is S01 whole: a new customer, a pack, a deposit paid.
func Booking() Story {
	return Story{
		Name: "a first booking (S01)", Scenario: "S01",
		Steps: []Step{
			Says("I'd like highlights on Friday"), Says("Yes, that's me"), Says("The pack, please"), Says("First available"),
			Says("12:30"), Says("Haddad"), Links(1), Pays("paid", 1), Becomes("confirmed", "paid"),
		},
	}
}

// ThreeInARow is S10: three services one after the other, a deposit paid.
func ThreeInARow() Story {
	return Story{
		Name: "three services in a row (S10)", Scenario: "S10",
		Steps: []Step{
			Says("Rich clay mask, deep moisture and long-hair styling on Friday morning, possible?"), Says("Yes, perfect"),
			Links(1), Pays("paid", 1), Becomes("confirmed", "paid"),
		},
	}
}

// held is a returning customer's hold for today (S18), its link received.
func held() []Step {
	return []Step{Says("Any chance of a haircut today?"), Says("16:30 with Salma"), Links(1)}
}

// PaidInCopies is a deposit whose event comes three times at once.
func PaidInCopies() Story {
	return Story{
		Name: "paid, told three times", Scenario: "S18", Before: held(),
		Steps: []Step{Pays("paid", 3), Becomes("confirmed", "paid")},
	}
}

// PaidLate is a deposit that comes after the hold has ended, for a time that is still free.
func PaidLate() Story {
	return Story{
		Name: "paid late, the time still free", Scenario: "S18", Before: held(),
		Steps: []Step{Passes(16 * time.Minute), Becomes("expired", ""), Pays("paid", 1), Becomes("confirmed", "paid")},
	}
}

// PaidTooLate is a deposit for a time that somebody else has by then: the money goes back.
func PaidTooLate() Story {
	const rival = `INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency, deposit_minor, deposit_state, terms, created_at, updated_at)
		SELECT gen_random_uuid(), stylist_id, customer_id, booked_by_id, starts_at, ends_at, 'confirmed', 0, 'EUR', 0, 'none', '{}', now(), now()
		FROM appointments WHERE status = 'expired'`
	return Story{
		Name: "paid late, the time taken", Scenario: "S18", Before: held(),
		Steps: []Step{
			Passes(16 * time.Minute), Becomes("expired", ""), Runs(rival), Pays("paid", 2), Becomes("expired", "refunded"),
		},
	}
}

// LinkFails is a customer who says that paying does not work, gets a new link and pays it.
func LinkFails() Story {
	return Story{
		Name: "the link fails", Scenario: "S18", Before: held(),
		Steps: []Step{Says("The link does not work"), Links(2), Pays("paid", 1), Becomes("confirmed", "paid")},
	}
}

// CalledOff is a paid visit that the salon cancels, the deposit given back.
func CalledOff() Story {
	return Story{
		Name: "cancelled by the salon", Scenario: "S18",
		Before: append(held(), Pays("paid", 1), Becomes("confirmed", "paid")),
		Steps:  []Step{Cancels(), Becomes("cancelled", "refunded")},
	}
}

// Reminded is a visit that comes near: the customer is reminded of it, comes, and asks for a person, whom a
// mail calls (S09).
func Reminded() Story {
	return Story{
		Name: "reminded, then handed over (S09)", Scenario: "S09",
		Steps: []Step{Passes(0), Receives(1), Says("I'll be there, thanks"), Says("can I talk to a person please?")},
	}
}
