package browser

import "fmt"

// customerPlayed: somebody of the salon is the customer, by typing and tapping, from the scenario to a paid
// visit; then time moves on, and a provider is broken and mended.
func customerPlayed(s stage) {
	says := asks[s.lang]
	desk := s.desk("pm")
	s.open(desk, "/console/simulator")
	desk.Click(".page-head a[href='/console/simulator/given']")
	desk.Sees("#dialog", words{"en": "rewrites the whole demo diary", "ar": "يعيد كتابة يومية النسخة التجريبية"}[s.lang])
	desk.Click("#dialog input[name=scenario][value=S01]")
	desk.Click("#dialog .act-buttons button[type=submit]")
	desk.Sees(".sim-phone", "S01", "Noor", "+447700900101", "10:00")

	desk.Click(".sim-offer")
	desk.Sees(".sim-thread", "Noor")
	desk.Until("the name can be tapped", `document.querySelectorAll(".sim-buttons").length === 1`)
	desk.Click(".sim-buttons button")
	desk.Sees(".sim-thread", "80.00", "8.70")
	desk.Fill("#sim-text", says[2])
	desk.Press("\r")
	desk.Until("the stylists can be chosen", `document.querySelector(".sim-list summary")`)
	desk.Click(".sim-list summary")
	s.picture(desk, "simulator-1-rows")
	desk.Click(".sim-sheet button")
	desk.Sees(".sim-thread", "10:30", "12:30")
	desk.Click(".sim-bubble:last-child .sim-buttons button:last-child")
	desk.Sees("#sim-state", words{"en": "The surname", "ar": "اسم العائلة"}[s.lang])
	desk.Fill("#sim-text", says[5])
	desk.Press("\r")
	desk.Sees(".sim-thread", "16.00")
	desk.Sees("#sim-state", words{"en": "Hold", "ar": "حجز مؤقت"}[s.lang], "12:30")
	s.picture(desk, "simulator-2-link")
	desk.Accessible("the room with a conversation", "html")
	desk.Click("#sim-paid")
	desk.Sees(".sim-thread", "64.00")
	desk.Sees("#sim-state", words{"en": "Confirmed", "ar": "مؤكد"}[s.lang])

	desk.Click("#sim-by-24h")
	desk.Until("a day has passed", `document.querySelector(".sim-time time").dateTime.startsWith("2026-10-07")`)
	desk.Click("#sim-faults a[href$='service=whatsapp']")
	desk.Click("#dialog input[name=last][value=mended]")
	desk.Click("#dialog .act-buttons button[type=submit]")
	desk.Sees("#sim-broken", words{"en": "WhatsApp", "ar": "واتساب"}[s.lang])
	s.picture(desk, "simulator-3-broken")
	desk.Click("#sim-mend")
	desk.Gone("#sim-broken")
	if faults := desk.Complaints(); len(faults) > 0 {
		s.Error(fmt.Sprint("the browser complains: ", faults))
	}
}
