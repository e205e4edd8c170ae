package browser

import (
	"fmt"
	"strings"

	"frontdesk/e2e/harness"
)

const refundsRoom = "/console/refunds"

// partRefunded: an order was paid by card. Finance gives one line of it back, sees what the customer will read before anything happens, and
// is above the limit: a colleague finds it in the room and agrees, what finance has open says by itself that the money is out, and the
// customer is told in their language; the rest of the order stands (R-1109).
func partRefunded(s stage) {
	phone, _ := s.app.Given("S01", s.lang)
	s.app.Say(phone, asks[s.lang][0])
	buyer := &shopper{T: s.T, app: s.app, phone: phone}
	all := goods(s.app, 2)
	buyer.fills(all[0])
	buyer.proves()
	order := buyer.buys("stripe", all[1])
	line := s.app.Text(`SELECT id::text FROM order_items WHERE order_id = $1 ORDER BY total_minor LIMIT 1`, order.OrderID)
	cost := s.app.Number(`SELECT price_minor FROM order_items WHERE id = $1`, line)
	amount := fmt.Sprintf("%d.%02d", cost/100, cost%100)
	s.app.Exec(`INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('refund.alone_minor', to_jsonb(100), now(), 'test')
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`)

	finance := s.desk("finance")
	s.open(finance, "/console/orders/"+order.OrderID)
	finance.Click("main a[href^='" + refundsRoom + "/new']")
	finance.Click("#dialog input[name=scope][value=lines]")
	finance.Fill(fmt.Sprintf("#dialog [name='qty.%s']", line), "1")
	finance.Choose("#dialog [name=reason]", "damaged")
	finance.Click(submit)
	finance.Sees("#dialog .bubble-preview", amount, order.Number) // seen before it is done
	finance.Sees("#dialog", words{"en": "somebody else must agree first", "ar": "موافقة شخص آخر"}[s.lang])
	s.picture(finance, "refund-1-what-they-will-read")
	if n := s.app.Number(`SELECT count(*) FROM refunds`); n != s.app.Number(`SELECT count(*) FROM refunds WHERE payment_id NOT IN (SELECT id FROM payments WHERE order_id = $1)`, order.OrderID) {
		s.Error("money went back unseen")
	}
	finance.Click(submit)
	finance.Sees("main", words{"en": "Waits for a second person", "ar": "بانتظار شخص ثانٍ"}[s.lang], amount)
	s.picture(finance, "refund-2-waits")
	if own := harness.Eval[int](finance, `document.querySelectorAll("main a[href$='/approve']").length`); own != 0 {
		s.Error("whoever asked is offered to agree")
	}
	refund := finance.Location()[strings.LastIndex(finance.Location(), "/")+1:]

	colleague := s.desk("finance_2")
	s.open(colleague, refundsRoom+"?state=asked")
	colleague.Sees("main", amount)
	s.picture(colleague, "refund-3-room")
	colleague.Follow("main a[href='" + refundsRoom + "/" + refund + "']")
	colleague.Click("main a[href$='/approve']")
	colleague.Sees("#dialog", amount)
	s.picture(colleague, "refund-4-agree")
	before := len(s.app.Received(phone))
	colleague.Click(submit)
	colleague.Sees(toast, "")

	given := words{"en": "Given back", "ar": "أُعيد"}[s.lang]
	finance.Sees("main .page-head", given) // it came by itself
	s.picture(finance, "refund-5-out")
	s.told(phone, before, amount, order.Number, words{"en": "returned", "ar": "أعدنا إلى بطاقتك"}[s.lang])
	if got := len(s.app.Received(phone)) - before; got != 1 {
		s.Errorf("the customer was told %d times", got)
	}
	one := `SELECT concat_ws(' ', r.state, r.amount_minor, r.second_person, r.decided_by <> r.asked_by AND r.decided_by LIKE 'staff:%', r.provider_id IS NOT NULL, i.qty, i.amount_minor, p.state, o.status)
		FROM refunds r JOIN refund_items i ON i.refund_id = r.id JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id WHERE o.id = $1`
	if got, want := s.app.Text(one, order.OrderID), fmt.Sprintf("succeeded %d t t t 1 %d paid paid", cost, cost); got != want {
		s.Errorf("the ledger says %s, want %s", got, want)
	}

	// On a phone, in the dark: the room and the refund as they are.
	colleague.Phone()
	colleague.Theme("dark")
	for name, path := range map[string]string{"room": refundsRoom, "refund": refundsRoom + "/" + refund} {
		s.open(colleague, path)
		colleague.Sees("main", amount, given)
		s.looked(colleague, "refund-6-"+name+"-phone")
	}
}
