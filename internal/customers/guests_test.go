package customers_test

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// A guest's phone is stored once: neither a second one, nor another customer's, nor by somebody who did not bring them.
func TestGuestPhone(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, ctx := testkit.DB(t, c), context.Background()
	r := customers.New(db, c)
	karim, err := r.Register(ctx, contactOf(t, r, "+447700900112", "Karim"), "Karim", "Nasser", models.English)
	if err != nil {
		t.Fatal(err)
	}
	var samira models.Customer
	if err := db.InTx(ctx, func(ctx context.Context) (err error) {
		samira, err = r.Bring(ctx, karim, customers.Guest{Name: "Samira", Surname: "Nasser", Relation: "mother"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		phone  string
		booker models.ID
		stored bool
	}{
		{"12", karim.ID, false},
		{"+44 7700 900112", karim.ID, false},
		{"+44 7700 900188", samira.ID, false},
		{"+44 7700 900188", karim.ID, true},
		{"0044 7700 900188", karim.ID, true},
		{"+44 7700 900199", karim.ID, false},
	} {
		if stored, err := r.SetGuestPhone(ctx, w.booker, samira.ID, w.phone); err != nil || stored != w.stored {
			t.Errorf("SetGuestPhone(%q) = %v, %v; want %v", w.phone, stored, err, w.stored)
		}
	}
	after, err := r.Customer(ctx, samira.ID)
	if err != nil || after.Phone == nil || *after.Phone != "+447700900188" {
		t.Errorf("the phone is %v (%v), want the first one", after.Phone, err)
	}
}
