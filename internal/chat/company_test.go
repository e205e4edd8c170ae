package chat

import (
	"slices"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// "The usual for my mother" is hers, which nobody knows here: the writer's own is neither proposed nor booked.
func TestTheUsualIsTheWritersOwn(t *testing.T) {
	mother := understand.Meaning{Intents: understand.Intents{understand.Usual, understand.ThirdParty}, Others: []understand.Kin{understand.Mother}}
	daughter := understand.Meaning{Intents: understand.Intents{understand.Usual, understand.Group}, Others: []understand.Kin{understand.Daughter}}
	usual := understand.Meaning{Intents: understand.Intents{understand.Usual}}
	for name, c := range map[string]struct {
		state  State
		means  understand.Meaning
		recall bool
	}{
		"theirs":             {State{}, usual, true},
		"for the mother":     {State{}, mother, false},
		"with the daughter":  {State{}, daughter, false},
		"hers, known before": {State{Request: Request{For: &Guest{Kin: understand.Mother, Name: "Samira", Surname: "Nasser"}}}, usual, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.state.V, c.state.Greeted = stateVersion, true
			_, actions := hear(c.state, maya(world(t)), c.means)
			if got := slices.Contains(keys(actions), "Recall"); got != c.recall || len(actions) == 0 {
				t.Errorf("recalled %v, want %v: %v", got, c.recall, keys(actions))
			}
		})
	}
}

// What is left to pay is all of the group's, as the deposit was.
func TestAGroupsDepositReceived(t *testing.T) {
	f := maya(world(t))
	visit := func(total, deposit int64, state models.DepositState) models.Appointment {
		return models.Appointment{
			ID: models.NewID(), StylistID: f.Menu.Stylists[0].ID, StartsAt: f.Now, EndsAt: f.Now, Status: models.Confirmed,
			TotalMinor: total, DepositMinor: deposit, Currency: "EUR", DepositState: state,
		}
	}
	party := []models.Appointment{visit(2620, 524, models.DepositPaid), visit(1750, 350, models.DepositPaid), visit(1000, 0, models.DepositNone)}
	_, actions := Step(State{V: stateVersion}, Event{Facts: f, Language: "en", Told: &Told{
		Event: TellPaymentReceived, Visit: party[0], Party: party, Payment: &models.Payment{ReceivedMinor: 874, ReceivedIn: "EUR"},
	}})
	facts := actions[0].(Say).Lines[0].Facts
	if facts["Deposit"] != "€8.74" || facts["Due"] != "€44.96" {
		t.Errorf("received %v, due %v; want 8.74 and 44.96", facts["Deposit"], facts["Due"])
	}
}
