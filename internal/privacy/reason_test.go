package privacy

import (
	"strings"
	"testing"
)

// A reason names nobody, in whichever letters and digits it is written; what only looks alike is not refused.
func TestAReasonNamesNobody(t *testing.T) {
	t.Parallel()
	w := words{
		Phones: []string{"+966501234567", "+447700900555"}, Senders: []string{"+966501234567", "user_8841"},
		Parts: []string{"Nuñez", "محمد", "الحداد", "فاطمة", "Zoë", "The Rosé of my house", "Li"},
	}
	for _, named := range []string{
		"NUNEZ asked", "nuñez's wish", "asked by Zoe.", "طلب محمد ذلك", "طلب من ومحمد", "بناء على طلب لمحمد", "كلام وللحداد", "كلام حداد", "طلبت فاطمه", "طلبت فَاطِمَة", "فـاطمة طلبت", "وبالحداد",
		"rose called", "Li wants it", "+966 50 123 4567", "٠٥٠١٢٣٤٥٦٧", "٠٥٠ ١٢٣ ٤٥٦٧", "۰۵۰-۱۲۳-۴۵۶۷", "call (0)50.123/4567", "00447700 900 555", "7700900555", "by USER_8841", "０５０１２３４５６７",
	} {
		if !w.says(named) {
			t.Errorf("%q names somebody and is let through", named)
		}
	}
	for _, plain := range []string{
		"", "Asked for at the desk, from the salon.", "Pedido el 2026-10-06 a las 10:30 por la clienta.", "طلبت الزبونة ذلك في الصالون", "حمدا لله على السلامة", "order 4470 of 900", "a list of lines", strings.Repeat("é ", 250),
	} {
		if w.says(plain) {
			t.Errorf("%q names nobody and is refused", plain)
		}
	}
}
