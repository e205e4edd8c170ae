package privacy

import (
	"slices"

	"frontdesk/internal/inbox"
)

// kept is what a table's columns hold that stays: codes, figures' names, ids as text and words of the salon. A column of
// text, JSON or bytes that is neither erased nor kept fails a test, and so does a table that stands nowhere.
type kept string

// set says which column becomes what. An expression is the same however often it is applied.
type set map[string]string

// holding is one table that holds something about people, or some of its rows.
type holding struct {
	table string
	// whose narrows it to the rows about a person, by the ids of Traces.
	whose string
	// as is its name in an export; under the table whose rows hold these rows, by link.
	as    string
	under []hold
	// secret says why it is not exported.
	secret string
	// hide are columns that no export shows.
	hide string
	// erase and kept are its columns; remove: its rows go.
	erase  set
	kept   kept
	remove bool
	// atOnce is done when an erasure is accepted, and once more by its job.
	atOnce bool
}

// hold is a table above, and the column that names its row.
type hold struct{ table, link string }

const (
	nothing = "'—'" // where a column must not be empty
	blank   = "''"
	none    = "NULL"
	object  = "'{}'::jsonb"
	list    = "'[]'::jsonb"
	said    = `'{"kind": "text", "text": "—"}'::jsonb`
	digest  = "sha256(convert_to(id::text, 'UTF8'))"
)

// Rows about somebody, by what they hang on. A visit is theirs who comes, its booking and its payment theirs who booked: what hangs on
// somebody else's part of it is not touched. An order is theirs by the customer, never by a phone that somebody typed.
const (
	theirTalks    = "SELECT id FROM conversations WHERE contact_id IN @contacts"
	theirOwn      = "SELECT id FROM appointments WHERE customer_id IN @customers"
	theirVisits   = theirOwn + " OR booked_by_id IN @customers"
	theirBookings = "SELECT id FROM appointments WHERE booked_by_id IN @customers"
	theirCases    = "SELECT id FROM cases WHERE conversation_id = ANY (ARRAY(" + theirTalks + ")) OR customer_id IN @customers"
	theirOrders   = "SELECT id FROM orders WHERE customer_id IN @customers"
	theirPayments = "SELECT id FROM payments WHERE appointment_id = ANY (ARRAY(" + theirBookings + ")) OR order_id = ANY (ARRAY(" + theirOrders + "))"
	theirCash     = "SELECT id FROM orders WHERE customer_id IN @customers AND method = 'cod'"
	theirRefunds  = "SELECT id FROM refunds WHERE payment_id = ANY (ARRAY(" + theirPayments + ")) OR order_id = ANY (ARRAY(" + theirOrders + "))"
	theirReturns  = "SELECT id FROM returns WHERE order_id = ANY (ARRAY(" + theirOrders + "))"
	theirCarts    = "SELECT id FROM carts WHERE customer_id IN @customers"
	theirNotices  = "SELECT id FROM notices WHERE appointment_id = ANY (ARRAY(" + theirOwn + ")) OR case_id = ANY (ARRAY(" + theirCases + "))"
	theirNotes    = "SELECT message_id FROM notices WHERE id = ANY (ARRAY(" + theirNotices + ")) UNION SELECT message_id FROM notice_deliveries WHERE notice_id = ANY (ARRAY(" + theirNotices + "))"
	theirPhotos   = "SELECT id FROM return_photos WHERE return_id = ANY (ARRAY(" + theirReturns + "))"
	// theirNames are the names by which providers speak of their messages and payments.
	theirNames = "SELECT unnest(array_remove(ARRAY[id::text, provider_id], NULL)) FROM messages WHERE conversation_id = ANY (ARRAY(" + theirTalks + ")) UNION " +
		"SELECT unnest(array_remove(ARRAY[id::text, session_id, payment_intent], NULL)) FROM payments WHERE id = ANY (ARRAY(" + theirPayments + ")) UNION " +
		"SELECT unnest(array_remove(ARRAY[id::text, provider_id], NULL)) FROM refunds WHERE payment_id = ANY (ARRAY(" + theirPayments + "))"
	// theirThings are what jobs about them name.
	theirThings = "SELECT id FROM customers WHERE id IN @customers UNION ALL " + theirTalks + " UNION ALL " + theirVisits + " UNION ALL " + theirOrders + " UNION ALL " + theirPayments +
		" UNION ALL " + theirRefunds + " UNION ALL " + theirReturns + " UNION ALL " + theirCases
	theirLetters = "SELECT job_id FROM letters WHERE refs && ARRAY(" + theirThings + ")"
	// theirDrops are discardings of jobs of theirs alone; who is one of many there is looked for by name and phone.
	theirDrops = "SELECT d.id FROM letter_drops d JOIN letter_drop_jobs j ON j.drop_id = d.id WHERE d.jobs = 1 AND j.job_id = ANY (ARRAY(" + theirLetters + "))"
	// theirFailures are jobs about them that failed, for good or so far, and whatever died of something that names their phone.
	theirFailures = theirLetters + ` UNION ALL SELECT id FROM river_job WHERE state = 'retryable' AND EXISTS (SELECT FROM jsonb_each_text(CASE WHEN jsonb_typeof(args) = 'object' THEN args ELSE '{}' END) a
			WHERE a.value = ANY (ARRAY(SELECT id::text FROM (` + theirThings + `) t)))
		UNION ALL SELECT id FROM river_job WHERE state = 'discarded' AND EXISTS (SELECT FROM jsonb_array_elements_text(CAST(@told AS jsonb)) p WHERE length(p) > 6 AND position(p IN errors::text) > 0)`
	// unsent tells of a message to the salon's people that is still on its way: it goes out as it was written.
	unsent = "status IN ('queued', 'sending')"
	// over tells of a refund that does not move any more. What is in any other state waits for somebody.
	over = "state IN ('succeeded', 'failed', 'retried', 'rejected', 'canceled', 'expired')"
	// owing tells of a refund r that waits, or that failed and is not made good: neither has all of its payment, or of its order's cash, gone
	// back, nor has as much as failed from it on gone back since.
	owing = "(NOT r." + over + ` OR r.state = 'failed' AND NOT EXISTS (SELECT FROM payments b WHERE b.id = r.payment_id AND b.state = 'refunded')
		AND NOT EXISTS (SELECT FROM orders b WHERE b.id = r.order_id AND b.status = 'refunded')
		AND (SELECT sum(f.amount_minor) FROM refunds f WHERE (f.payment_id = r.payment_id OR f.order_id = r.order_id) AND f.state = 'failed' AND f.id >= r.id)
			> (SELECT coalesce(sum(g.amount_minor), 0) FROM refunds g WHERE (g.payment_id = r.payment_id OR g.order_id = r.order_id) AND g.state = 'succeeded' AND g.id > r.id))`
	// settled tells of a payment that nothing is to be done with any more at its provider: no link of it can be paid, no money of it is
	// on its way back or owed, nothing that it paid for is still to come, and nothing of that may still come back.
	settled = "NOT EXISTS (SELECT FROM refunds r WHERE r.payment_id = payments.id AND " + owing + `)
		AND NOT EXISTS (SELECT FROM returns r WHERE r.order_id = payments.order_id AND r.status IN ('requested', 'approved', 'in_transit', 'received'))
		AND (state = 'refunded' OR state IN ('failed', 'expired', 'voided') AND closed_at IS NOT NULL OR state = 'paid' AND NOT EXISTS (SELECT FROM appointments a
			WHERE (a.id = payments.appointment_id OR a.group_id = payments.group_id) AND (a.status IN ('provisional', 'confirmed', 'reschedule_pending') OR a.deposit_state = 'refund_pending'))
			AND NOT EXISTS (SELECT FROM orders o WHERE o.id = payments.order_id AND (o.status NOT IN ('delivered', 'canceled', 'failed', 'refunded') OR o.delivered_at > @returnable)))`
)

// these names the rows of a column that a query finds, so that they are found by an index.
func these(column, query string) string { return column + " = ANY (ARRAY(" + query + "))" }

// holdings is the map of what is known about people. Order is that of an erasure.
func holdings() []holding {
	return slices.Concat(told(), people(), talks(), visits(), purchases(), money(), letters())
}

// told is what providers told of somebody. It is found by what the others empty, and so comes first. By the phone only what came before
// the request is theirs; a message or a payment of theirs stays theirs. What is not processed yet is emptied when it is.
func told() []holding {
	return []holding{
		{table: "provider_events", whose: "processed_at IS NOT NULL AND (event_refs(sender, payload) && ARRAY(SELECT jsonb_array_elements_text(CAST(@told AS jsonb))) AND id < @request OR event_refs(sender, payload) && ARRAY(" + theirNames + "))",
			secret: "what providers told; messages and payments hold it", kept: "provider kind",
			erase: set{"payload": object, "sender": blank, "event_id": inbox.ForgottenID, "outcome": "CASE outcome WHEN 'failed' THEN 'erased' ELSE outcome END"}},
	}
}

func people() []holding {
	return []holding{
		{table: "customers", as: "profile", whose: "id IN @customers", atOnce: true, kept: "language",
			erase: set{"name": blank, "surname": blank, "phone": none, "relation": blank, "preferred_stylist_id": none, "deleted_at": "coalesce(deleted_at, @now)"}},
		{table: "contacts", as: "contacts", whose: "id IN @contacts", atOnce: true, kept: "channel",
			erase: set{"address": "'erased:' || id", "profile_name": blank, "consent": blank, "consent_at": none, "unreachable_at": "coalesce(unreachable_at, @now)"}},
		{table: "customer_notes", as: "notes", whose: "customer_id IN @customers OR about_id IN @customers", remove: true},
		{table: "consents", as: "consents", whose: "customer_id IN @customers OR session_id IN @sessions OR phone IN @phones AND verified_at IS NOT NULL AND id < @request",
			kept: "purpose channel policy_version actor", erase: set{"phone": none, "customer_id": none, "session_id": none, "policy_text": blank}},
		{table: "consents", whose: "phone IN @phones AND verified_at IS NULL AND id < @request", secret: "what somebody said of the phone who never proved that it is theirs",
			kept: "purpose channel policy_version actor", erase: set{"phone": none, "customer_id": none, "session_id": none, "policy_text": blank}},
		{table: "shop_sessions", as: "sessions", whose: "customer_id IN @customers", hide: "hash", atOnce: true,
			erase: set{"hash": digest, "expires_at": "least(expires_at, @machine)"}},
		{table: "phone_codes", whose: "(phone IN @phones OR session_id IN @sessions) AND id < @request", remove: true, atOnce: true, secret: "a code on its way; gone after ten minutes"},
		{table: "privacy_requests", as: "requests", whose: "customer_id IN @customers", hide: "subject words",
			kept: "kind state subject words reason actor failure chatwoot"},
	}
}

func talks() []holding {
	talk := []hold{{"conversations", "conversation_id"}}
	return []holding{
		{table: "conversations", as: "conversations", whose: "contact_id IN @contacts", atOnce: true, kept: "language",
			erase: set{"state": object, "human_until": none, "assignee_id": none, "last_inbound_at": none}},
		{table: "messages", as: "messages", under: talk, whose: these("conversation_id", theirTalks),
			kept: "direction class status language cause dedupe_key error_code", erase: set{"content": said, "provider_id": none, "error_detail": blank}},
		{table: "conversation_archives", as: "archives", under: talk, whose: these("conversation_id", theirTalks), kept: "language", erase: set{"summary": object}},
		{table: "conversation_notes", as: "notes", under: talk, whose: these("conversation_id", theirTalks), kept: "dedupe_key", erase: set{"body": nothing}},
		{table: "conversation_events", as: "events", under: talk, whose: these("conversation_id", theirTalks), kept: "kind"},
		{table: "conversation_reads", whose: these("conversation_id", theirTalks), kept: "reader", secret: "who of the salon read it; the audit log tells"},
		{table: "turns", as: "readings", under: talk, whose: these("conversation_id", theirTalks),
			kept: "language read_by stage_before stage_after model_outcome", erase: set{"meaning": object, "changed": object, "actions": list}},
		{table: "chatwoot_conversations", as: "chatwoot", under: talk, whose: these("conversation_id", theirTalks), remove: true, atOnce: true},
		{table: "faq_hits", as: "questions", under: talk, whose: these("conversation_id", theirTalks), kept: "faq_key language"},
		{table: "cases", as: "cases", whose: these("id", theirCases), kept: "reason status language label resolved_by",
			erase: set{"summary": nothing, "trigger_text": blank, "suggestion": blank, "last_messages": list}},
	}
}

func visits() []holding {
	visit := []hold{{"appointments", "appointment_id"}}
	return []holding{
		{table: "appointments", as: "bookings", whose: "customer_id IN @customers OR booked_by_id IN @customers", kept: "status currency deposit_state terms",
			erase: set{"for_name": "CASE WHEN customer_id IN @customers THEN '' ELSE for_name END"}},
		{table: "appointment_lines", as: "lines", under: visit, whose: these("appointment_id", theirVisits)},
		{table: "appointment_events", as: "events", under: visit, whose: these("appointment_id", theirOwn),
			kept: "from_status to_status from_deposit to_deposit actor reason", erase: set{"note": blank}},
		{table: "calendar_entries", whose: these("appointment_id", theirVisits), kept: "calendar_id", secret: "where a stylist's calendar shows the visit"},
		{table: "notices", whose: these("id", theirNotices), kept: "event channel dedupe_key", secret: "that the salon told its people of a visit"},
		{table: "messages", whose: these("id", theirNotes) + " AND NOT " + unsent, secret: "what the salon told its people of a visit", kept: "direction class status language cause dedupe_key error_code",
			erase: set{"content": said, "provider_id": none, "error_detail": blank}},
		{table: "notice_deliveries", whose: these("notice_id", theirNotices) + " AND NOT " + unsent, kept: "channel status code provider_id", secret: "how the salon told its people of a visit",
			erase: set{"words": blank}},
	}
}

func purchases() []holding {
	order, back := []hold{{"orders", "order_id"}}, []hold{{"returns", "return_id"}}
	return []holding{
		{table: "carts", as: "carts", whose: these("id", theirCarts), kept: "status currency"},
		{table: "cart_items", as: "items", under: []hold{{"carts", "cart_id"}}, whose: these("cart_id", theirCarts), kept: "sku names currency"},
		{table: "cart_keys", whose: "owner_id IN @customers OR owner_id IN @sessions", remove: true, secret: "an answer that is given again, for a day"},
		{table: "orders", as: "orders", whose: these("id", theirOrders), kept: "number method status language channel currency", erase: set{"notes": blank, "session_id": none}},
		{table: "order_items", as: "items", under: order, whose: these("order_id", theirOrders), kept: "sku names"},
		{table: "order_events", as: "events", under: order, whose: these("order_id", theirOrders), kept: "kind from_status to_status actor data", erase: set{"note": blank}},
		{table: "order_keys", whose: these("order_id", theirOrders), remove: true, secret: "an answer that is given again, for a day"},
		{table: "stock_holds", as: "held", under: order, whose: these("order_id", theirOrders)},
		{table: "addresses", as: "addresses", whose: "id IN @addresses", hide: "digest", kept: "country", erase: set{"name": blank, "phone": blank, "line1": nothing, "line2": blank,
			"city": nothing, "region": blank, "postal_code": blank, "digest": digest}},
		{table: "addresses", whose: "id IN @typed", secret: "another order's: somebody typed the phone who never proved that it is theirs", kept: "name line1 line2 city region country postal_code",
			erase: set{"phone": blank, "digest": digest}},
		{table: "returns", as: "returns", whose: these("id", theirReturns), kept: "rma_code status refund_method opened_by", erase: set{"notes": blank,
			"reason":       "CASE WHEN reason IN ('', 'damaged', 'wrong_item', 'not_as_described', 'skin_reaction', 'changed_mind') THEN reason ELSE 'other' END",
			"refund_proof": "CASE WHEN refund_proof = '' THEN '' ELSE '—' END"}},
		{table: "return_items", as: "items", under: back, whose: these("return_id", theirReturns), kept: "sku names"},
		{table: "return_events", as: "events", under: back, whose: these("return_id", theirReturns), kept: "from_status to_status actor", erase: set{"note": blank}},
		{table: "return_pictures", as: "pictures", under: []hold{{"return_photos", "photo_id"}}, remove: true,
			whose: these("photo_id", theirPhotos)},
		{table: "return_photos", as: "photos", under: back, whose: these("return_id", theirReturns), remove: true},
	}
}

// money is what came in and went back. Of money given by hand stays that there was a proof; the key a refund was asked for with stays, too,
// so that the same call gives nothing a second time.
func money() []holding {
	back := []hold{{"refunds", "refund_id"}}
	return []holding{
		{table: "refund_items", as: "items", under: back, whose: these("refund_id", theirRefunds)},
		{table: "refund_events", as: "events", under: back, whose: these("refund_id", theirRefunds), kept: "from_state to_state actor code", erase: set{"note": blank}},
		{table: "refunds", as: "refunds", under: []hold{{"payments", "payment_id"}, {"orders", "order_id"}}, whose: these("id", theirRefunds),
			kept: "currency state reason method asked_by decided_by request_key error_code", erase: set{"note": blank, "proof": "CASE WHEN proof = '' THEN '' ELSE '—' END",
				"provider_id": "CASE WHEN NOT " + over + " THEN provider_id END"}},
		{table: "reconciliation_differences", whose: these("payment_id", theirPayments), secret: "that the payment provider and the books said different things of a payment",
			kept: "kind state here_currency here_state there_currency there_state settled_by",
			erase: set{"key": "CASE WHEN state = 'open' THEN key ELSE 'erased:' || id END", "ref": "CASE WHEN state = 'open' THEN ref ELSE '' END",
				"intent": "CASE WHEN state = 'open' THEN intent ELSE '' END", "note": "CASE WHEN note = '' THEN '' ELSE '—' END"}},
		{table: "payments", as: "payments", under: []hold{{"appointments", "appointment_id"}, {"orders", "order_id"}}, whose: these("id", theirPayments),
			kept: "currency state received_in error_code language", erase: set{"url": "CASE WHEN " + settled + " THEN '' ELSE url END",
				"session_id": "CASE WHEN " + settled + " THEN NULL ELSE session_id END", "payment_intent": "CASE WHEN " + settled + " THEN NULL ELSE payment_intent END"}},
	}
}

// letters are what jobs about somebody failed of, what the salon gave them instead, and what its people wrote, or looked for, about them.
func letters() []holding {
	return []holding{
		{table: "letter_edits", whose: these("job_id", theirLetters), secret: "ids that a job was given", erase: set{"args": object}},
		{table: "river_job", whose: these("id", theirFailures), secret: "what a job of theirs failed of", kept: "kind queue metadata tags attempted_by unique_key",
			erase: set{"errors": "letter_errors_erased(errors)", "args": "letter_args_erased(args)"}},
		{table: "letter_groups", whose: "false AND id = @request", secret: "what jobs of many failed of: a name that stands in it is taken out with what others wrote", kept: "kind place fingerprint",
			erase: set{"error": nothing}},
		{table: "letter_drops", whose: these("id", theirDrops), secret: "why the salon let a job of theirs rest", kept: "actor", erase: set{"reason": nothing}},
		{table: "letter_runs", whose: "state <> 'running' AND chosen->>'of' = ANY (ARRAY(SELECT id::text FROM (" + theirThings + ") t UNION ALL SELECT number FROM orders WHERE customer_id IN @customers))",
			secret: "what the salon chose jobs of theirs by", kept: "actor state", erase: set{"chosen": object}},
	}
}

// others are the tables that hold nothing about customers, and why.
func others() map[string]string {
	salon, people, machine, log := "what the salon is and offers", "the salon's own people", "the program's own", "figures and ids: no person is in it"
	return map[string]string{
		"settings": salon, "services": salon, "packs": salon, "pack_services": salon, "stylists": people, "opening_hours": salon, "time_blocks": salon,
		"weekly_breaks": salon, "schedule_sets": salon, "schedule_hours": salon, "message_texts": salon, "faqs": salon, "wording_versions": salon,
		"products": salon, "product_categories": salon, "product_media": salon, "feed_runs": salon, "catalogue_edition": machine, "salon_edition": machine,
		"staff": people, "api_tokens": people, "factors": people, "invitations": people, "recovery_codes": people, "calendar_feeds": people, "calendar_reads": people,
		"audit_log": log, "audit_chain": log, "archive_runs": machine, "iterations": log, "funnel_events": log, "funnel_words": log,
		"letters": log, "letter_run_jobs": log, "letter_drop_jobs": log,
		"reconciliations": log, "reconciliation_watch": machine,
		"goose_db_version": machine, "river_leader": machine, "river_migration": machine, "river_notification": machine, "river_queue": machine,
	}
}
