package chat

import (
	"context"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Money that the salon's people gave back, for whoever gets it to know once it is out (R-1109).

// happenedToMoney reads what a refund is of.
func (c *Clerk) happenedToMoney(ctx context.Context, t queue.Tell, told *Told) error {
	r, err := c.Till.RefundWhole(ctx, t.Ref)
	if err != nil {
		return err
	}
	told.Back, told.Method = models.Money{Minor: r.AmountMinor, Currency: r.Currency}, r.Method
	if r.SaleID != nil {
		order, err := c.Till.Order(ctx, *r.SaleID)
		told.Sold = &soldThings{Order: order, Back: told.Back}
		return err
	}
	told.Payment = r.Payment
	told.Visit, err = c.Diary.Appointment(ctx, *r.VisitID)
	return err
}

// tellRefund says how much went back, of what and how.
func (d *dialogue) tellRefund(t Told) {
	amount := d.amount(t.Back.Minor, t.Back.Currency)
	name := any(d.name())
	facts := i18n.Facts{"Amount": amount, "From": refundFrom, "To": refundTo}
	key := map[models.RefundMethod]string{
		models.RefundByCard: "chat.refund.card", models.RefundByTransfer: "chat.refund.transfer", models.RefundByCash: "chat.refund.cash",
	}[t.Method]
	if t.Sold != nil {
		name, facts["Order"] = d.buyer(t.Sold.Order), t.Sold.Order.Number
		key += ".order"
	} else {
		facts["Slot"] = d.toldLine(t)
		key += ".visit"
	}
	d.receipt(t, &Template{content.PaymentRefunded, i18n.Facts{"Name": name, "Amount": amount}}, say(key, facts))
}
