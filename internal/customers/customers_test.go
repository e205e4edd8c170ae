package customers_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func TestNormalize(t *testing.T) {
	const want = "+447700900101"
	for _, written := range []string{
		"+447700900101", "447700900101", " 447700900101", "+44 7700 900101", "00447700900101", "+44 (0)7700-900101", "+44.7700.900.101",
	} {
		if got, err := customers.Normalize(written); err != nil || got != want {
			t.Errorf("Normalize(%q) = %q, %v; want %q", written, got, err, want)
		}
	}
	for _, written := range []string{"", "+", "hello", "12", "+999999999999999999", "٤٤"} {
		if got, err := customers.Normalize(written); !fault.Is(err, "customers.phone") {
			t.Errorf("Normalize(%q) = %q, %v; want the fault customers.phone", written, got, err)
		}
	}
	if got, err := customers.Normalize("5215512345678"); err != nil || got != "+525512345678" {
		t.Errorf("a Mexican mobile as WhatsApp writes it: got %q, %v", got, err)
	}
}

func open(t *testing.T) (*customers.Registry, context.Context) {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	return customers.New(testkit.DB(t, c), c), context.Background()
}

func contactOf(t *testing.T, r *customers.Registry, address, profile string) models.Contact {
	t.Helper()
	contact, err := r.Contact(context.Background(), models.ChannelWhatsApp, address, profile)
	if err != nil {
		t.Fatal(err)
	}
	return contact
}

func TestCountryLanguage(t *testing.T) {
	for phone, want := range map[string]models.Language{
		"+447700900101": models.English, "+34612345678": models.Spanish, "+525512345678": models.Spanish, "+50212345678": models.Spanish,
		"+966501234567": models.Arabic, "+201001234567": models.Arabic, "+4915112345678": models.English, "": models.English, "hello": models.English,
	} {
		if got := customers.CountryLanguage(phone); got != want {
			t.Errorf("CountryLanguage(%q) = %q, want %q", phone, got, want)
		}
	}
}

func TestContactIsOneWhateverTheFormatting(t *testing.T) {
	t.Parallel()
	r, _ := open(t)
	first := contactOf(t, r, "+447700900101", "Noor")
	again := contactOf(t, r, "44 7700 900101", "")
	if first.ID != again.ID {
		t.Error("the same number in another formatting made a second contact")
	}
	if again.ProfileName != "Noor" {
		t.Errorf("profile name = %q; an empty one must not forget it", again.ProfileName)
	}
	if again.CustomerID != nil {
		t.Error("a contact became a customer before its name was known")
	}
}

func TestRegisterLinksAndRepeats(t *testing.T) {
	t.Parallel()
	r, ctx := open(t)
	contact := contactOf(t, r, "+447700900101", "Noor")
	customer, err := r.Register(ctx, contact, "Noor", "", models.Arabic)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SetSurname(ctx, customer.ID, "حداد"); err != nil {
		t.Fatal(err)
	}
	again, err := r.Register(ctx, contact, "Noor", "", models.Arabic)
	if err != nil {
		t.Fatal(err)
	}
	if again.ID != customer.ID || again.FullName() != "Noor حداد" {
		t.Errorf("registered again = %v %q; want the same customer with the surname kept", again.ID, again.FullName())
	}
	if linked := contactOf(t, r, "+447700900101", "Noor"); linked.CustomerID == nil || *linked.CustomerID != customer.ID {
		t.Error("the contact is not linked to its customer")
	}
}

func TestKnownPhoneIsRecognised(t *testing.T) {
	t.Parallel()
	r, ctx := open(t)
	made, err := r.Register(ctx, contactOf(t, r, "+447700900102", ""), "Maya", "Stone", models.English)
	if err != nil {
		t.Fatal(err)
	}
	found, ok, err := r.ByPhone(ctx, "0044 7700 900102")
	if err != nil || !ok || found.ID != made.ID {
		t.Errorf("ByPhone = %v, %v, %v; want the customer", found.ID, ok, err)
	}
	if _, ok, err := r.ByPhone(ctx, "+447700900103"); ok || err != nil {
		t.Errorf("ByPhone of a stranger = %v, %v", ok, err)
	}
}

// Known spares the way through Contact exactly when that would change nothing.
func TestKnownBringsNoNews(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	r := customers.New(db, c)
	const phone = "+447700900105"
	wantKnown := func(when, profile string, want bool) {
		t.Helper()
		if _, known, err := r.Known(ctx, models.ChannelWhatsApp, phone, profile); err != nil || known != want {
			t.Errorf("%s: known = %v, %v; want %v", when, known, err, want)
		}
	}
	wantKnown("a stranger", "Noor", false)
	contact := contactOf(t, r, phone, "Noor")
	wantKnown("without a conversation", "Noor", false)
	conv := models.Conversation{ID: models.NewID(), ContactID: contact.ID, Language: models.Spanish, State: []byte("{}")}
	if err := db.On(ctx).Create(&conv).Error; err != nil {
		t.Fatal(err)
	}
	found, known, err := r.Known(ctx, models.ChannelWhatsApp, phone, "Noor")
	if err != nil || !known || found.ID != conv.ID || found.Language != models.Spanish {
		t.Fatalf("found %v in %s, %v, %v; want the conversation", found.ID, found.Language, known, err)
	}
	wantKnown("without a profile name", "", true)
	wantKnown("another profile name", "Noor H.", false)
	number := phone
	made := models.Customer{ID: models.NewID(), Name: "Noor", Phone: &number, Language: models.Spanish}
	if err := db.On(ctx).Create(&made).Error; err != nil {
		t.Fatal(err)
	}
	wantKnown("a customer to be linked", "Noor", false)
	if linked := contactOf(t, r, phone, "Noor"); linked.CustomerID == nil || *linked.CustomerID != made.ID {
		t.Fatalf("linked to %v, want the customer", linked.CustomerID)
	}
	wantKnown("linked", "Noor", true)
	person, err := r.Person(ctx, contact.ID)
	if err != nil || person.ProfileName != "Noor" || person.Customer == nil || person.Customer.ID != made.ID || *person.Customer.Phone != phone {
		t.Errorf("person %+v, %v", person, err)
	}
	if stranger, err := r.Person(ctx, contactOf(t, r, "+447700900106", "Sam").ID); err != nil || stranger.Customer != nil || stranger.Name() != "Sam" {
		t.Errorf("person without a customer %+v, %v", stranger, err)
	}
	if _, err := r.Person(ctx, models.NewID()); !fault.Is(err, "customers.no_contact") {
		t.Errorf("nobody gave %v, want customers.no_contact", err)
	}
}

// Somebody who hides their number is a customer all the same, without a phone (C18).
func TestCustomerWithoutPhone(t *testing.T) {
	t.Parallel()
	r, ctx := open(t)
	contact := contactOf(t, r, "bsuid:ES.1234", "Noor")
	customer, err := r.Register(ctx, contact, "Noor", "", models.Spanish)
	if err != nil || customer.Phone != nil {
		t.Fatalf("registered with phone %v, %v", customer.Phone, err)
	}
	if again := contactOf(t, r, "bsuid:ES.1234", "Noor"); again.CustomerID == nil || *again.CustomerID != customer.ID {
		t.Error("the contact is not linked to its customer")
	}
}

func TestContactsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	r, ctx := open(t)
	ids := make([]models.ID, 20)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			contact, err := r.Contact(ctx, models.ChannelWhatsApp, "+447700900104", "Sam")
			if err != nil {
				t.Error(err)
			}
			ids[i] = contact.ID
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatal("two contacts of one address")
		}
	}
}
