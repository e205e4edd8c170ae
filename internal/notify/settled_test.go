package notify

import (
	"context"
	"testing"

	"frontdesk/models"
)

// A process may die between any two commits: that a notice's message was sent and that the notice is there
// are one.
func TestANoticeIsThereWithItsMessage(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	if err := o.tell(visit, EventVisitConfirmed); err != nil {
		t.Fatal(err)
	}
	m := o.message(*o.notices(EventVisitConfirmed)[0].MessageID)
	o.do(`CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the process dies'; END $$`)
	o.do(`CREATE TRIGGER dies BEFORE UPDATE ON notice_deliveries FOR EACH ROW EXECUTE FUNCTION dies()`)
	if err := o.Flush(context.Background(), m.ConversationID, o.job("running")); err == nil {
		t.Fatal("the delivery was not noted and nobody said so")
	}
	o.wantStatus(models.Sending, m.ID)

	o.do("DROP TRIGGER dies ON notice_deliveries")
	o.track(models.DeliveryStatus{ProviderID: "wamid.1", MessageID: m.ID.String(), Status: models.Delivered})
	if n := o.notices(EventVisitConfirmed)[0]; n.ReachedAt == nil || n.Channel != models.ChannelWhatsApp {
		t.Errorf("the message has arrived and the notice is %+v", n)
	}
}

func (o *office) do(sql string) {
	o.t.Helper()
	if err := o.db.On(context.Background()).Exec(sql).Error; err != nil {
		o.t.Fatal(err)
	}
}
