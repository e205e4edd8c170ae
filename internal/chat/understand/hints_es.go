package understand

import "frontdesk/models"

// spanishHints are the wordings of the hints.
var spanishHints = []entry[hint]{
	{hintKeep, `
		dejala|dejalo|dejadla|dejadlo|dejad|deja como esta|estaba
		dejala|dejalo|dejadla|dejadlo tal cual`},
	{hintCannot, `
		no voy|puedo|podre|podria a? poder? ir|asistir|acudir|venir
		no me es posible ir|asistir|acudir`},
	{hintPack, `
		packs|pack|paquete|paquetes|combo|bono|conjunto
		la|el|esa|esta|vuestra oferta|promocion|promo`},
	{hintNoPack, `
		sin|no|ni el|la|un? pack|paquete|combo|oferta|promo|bono
		no quiero|necesito|me interesa|hace|apetece? el|la|un|ese? pack|paquete|combo|oferta|promo|bono
		no hace falta el|la|un? pack|paquete|combo|oferta
		pack|paquete|combo|oferta|promo no $
		no quiero|necesito|me el|la|un|interesa|hace|apetece el|la? pack|paquete|combo|oferta|promo|bono
		por separado
		suelto|sueltas|suelta|individual`},
	{hintOnly, `
		solo|solamente|unicamente|simplemente|sencillo
		nada mas
		tan solo`},
	{hintSeparate, `
		dos|2|otra|segunda|distintas|diferentes reservas|citas|visitas|reserva|cita|visita
		por separado
		una|uno detras|despues|tras de? la|el? otra|otro|una|uno
		separadas|separados`},
	{hintBoth, `
		las|los dos $
		ambos|ambas
		mis|las|los|estas|esas dos|2 citas|visitas|reservas
		las|los dos cosas|servicios?
		todo junto`},
	{hintAnyone, `
		cualquiera|cualkiera|kualquiera
		quien|quienquiera sea|este|quieras|querais|tengas|tengais|haya|pueda
		cualquier persona|estilista|peluquera|peluquero|chica|profesional
		con? quien|la|el que? sea|este|haya|pueda|quieras|tengas|tenga
		me da igual|lo
		da igual|lo
		me es indiferente|igual
		es|es lo igual|indiferente|mismo
		indiferente
		no me importa
		no importa
		no tengo preferencia|preferencias|ninguna
		sin|ninguna preferencia|preferencias
		como|quien|la|el|lo que? quieras|querais|veas|veais|prefieras|prefirais
		elige|elegid|decide|escoge tu|vosotros|vosotras?
		alguien libre|disponible
		quien sea
		el que|la sea
		ninguno|ninguna en especial|particular|concreto
		nadie en especial|particular|concreto`},
	{hintAny, `
		^ cualquiera|ambos $
		cualquiera de los|las|ellos|esos|ellas|esas
		una|uno|cualquiera u|o otra|otro
		me valen|sirven|van las|los|ambos|ambas|bien?`},
	{hintAnyDay, `
		cualquier dia|fecha
		el|un dia que sea|quieras|haya|tengas|tengais|querais|puedas
		cuando sea|quieras|querais|puedas|podais|haya|tengas|tengais
		cualquier momento
		todos los dias
		que dia sea`},
	{hintEarliest, `
		lo|la|el primero|primera|primer|1o|antes que|posible|disponible haya|tengas|tengais|este|salga|quede|puedas|hay|tienes|teneis|libre?
		primer|primera|proximo|proxima|siguiente hueco|cita|hora|turno|disponible|libre|disponibilidad
		el|la primer|primero|primera|proximo|proxima|siguiente hueco|cita|hora|turno|disponible|libre
		lo|cuanto|tan mas? antes|pronto|temprano posible|como?
		cuanto antes mejor?
		lo antes|mas posible|pronto|temprano
		la|el|lo mas pronto|temprana|temprano|cercano|cercana|proximo posible?
		en cuanto puedas|podais|haya|tengas
		urgente|ya|urgentemente mismo
		urge|urgente
		ya mismo
		quien|la|el que? este|tenga|quede|haya antes|primero|libre|disponible
		lo antes que|posible puedas|podais?`},
	{hintOther, `
		otro|otra|otros|otras|mas hora|horas|hueco|huecos|opcion|opciones|momento|horario|horarios|alternativa|alternativas|cita|disponibilidad
		alguna|algun|teneis|tienes|hay|algo|alguna mas|otra|otro|distinto|diferente
		^ otro|otra|otros|otras|mas $
		que|algo mas hay|teneis|tienes|opciones?
		ninguno|ninguna de esos|esas|los|las|ellos|ellas|me|va|viene
		^ ninguno|ninguna
		no me va|viene|vienen|van|sirve|sirven|cuadra|cuadran|encaja|encajan|convence|conviene
		no puedo a? esas|esos|a|en|ninguna|esa|ese
		a esas|esa horas|hora no
		ni uno|una ni otro|otra`},
	{hintOtherDay, `
		otro|otra|otros|otras|mas dia|dias|fecha|fechas
		ese|este dia|fecha no
		no me? va|viene|cuadra|puedo|conviene bien? ese|este dia|fecha
		no ese|este dia|fecha`},
	{hintLater, `
		la|el|lo|algo|nada|un|poco? poco? mas tarde|tardia|tardio
		mas tarde
		la|el mas tarde|tardia|tardio`},
	{hintEarlier, `
		la|el|algo|un|poco|mas poco|mas? temprano|pronto|temprana
		algo|un|poco poco? antes
		mas temprano|pronto
		la|el mas temprano|temprana|pronto`},
	{hintNothing, `
		o mas tarde
		no|como mas|muy tarde
		mas tarde|temprano de|que
		lo que hice|siempre
		te|os|les escribo|digo|aviso|confirmo|hablo mas tarde
		temprano
		un|solo momento|momentito|segundo
		solo queria|quiero|quisiera|una|preguntar|pregunta|saber|es
		hasta mas tarde
		primera vez
		primera vez`},
	{hintSocial, `
		que|q tal estas|estais|va|todo|el|dia?
		como estas|estais|va|vas|andas|te|esta|andais
		eres|es|sois|hablo un|una|con|con? un|una? bot|robot|humano|humana|maquina|persona|ia|real
		quien eres
		que haces
		cuentame|dime un? chiste|historia|algo
		te quiero
		encantada|encantado|gusto de|en conocerte|saludarte
		como te|os llamas|llamais
		feliz navidad|año|cumpleaños|pascua|dia|fin
		que dia|tiempo|calor|frio mas|tan|hace|bonito
		jaja%
		jeje%
		me aburro
		buen tiempo
		viste|visteis el partido`},
	{hintThatPerson, `
		con ella|el|esa|ese|la|el misma|mismo $
		con ella
		la misma|el mismo peluquera|estilista|chica|peluquero`},
}

// spanishFAQs are wordings of the usual questions, by key.
var spanishFAQs = []entry[string]{
	{"", `
		<n> horas
		cuantas|unas|otras horas`},
	{"hours", `
		horario|horarios
		que|a|hasta|desde|cual|cuales|vuestras * horas|hora abris|cerrais|abre|cierra|abren|cierran|estais|teneis|apertura|abierto|trabajais
		abris|cerrais|abren|cierran|abre|cierra
		estais|esta|estan|estareis|estara|estaran|teneis|sigue * abierto|abiertos|abiertas|abierta|cerrado|cerrados
		abierto|abiertos el|los|manana|hoy|hasta|domingo|domingos|sabado|sabados
		hora|horas de apertura|cierre
		trabajais los|el|en
		hasta que hora`},
	{"parking", `
		aparc%
		donde * aparc%|estaciona%
		parking|parquin|parqueo|estaciona%|garaje
		dejar el|mi coche|carro|auto
		donde * coche
		plaza de garaje|parking|aparcamiento`},
	{"address", `
		direccion|ubicacion|localizacion|ubicados|ubicado|ubicadas
		donde|adonde estais|esta|estan|os|queda|quedais|es|se|encuentro|encontrais|teneis|encuentra|esta|ubicais|ir
		como llego|llegar|puedo|se|voy|ir llega|llegar|ahi|alli|hasta|al?
		en que|cual calle|zona|barrio|parte|direccion
		mapa|maps|localizaros
		metro|bus|autobus|parada mas? cerca|cercano|cercana
		pasame|mandame|enviame la? ubicacion|direccion|localizacion`},
	{"cancellation", `
		politica|condiciones|plazo|gastos|coste|terminos|normas|penalizacion de|por? cancelacion|anulacion|cancelaciones|cancelar|anular|cancelo
		si|que|cuando * cancelo|anulo|cancelase|anulase
		si|que|cuando * tuviera|tengo|quiero|necesito|puedo * cancelar|anular
		si no|puedo puedo? ir|venir|acudir
		que pasa|ocurre|sucede * cancelar|anular|cancelo|anulo
		cuanto|cuanta|cuando|hasta|antelacion * cancelar|anular|cancelo|anulo
		se puede|podria|puedo * cancelar|anular * gratis|coste|dinero|gastos|despues|luego|antes|sin
		me|se devolveis|devuelven|devuelve|devolveriais|reembolsais|reembolsa
		devolucion|reembolso|reembolsable
		pierdo|perderia|perderé el|la|mi|lo deposito|señal|dinero|anticipo
		cancelacion gratuita|gratis
		cancelar|anular gratis|sin
		cobrais|cobran|normas|norma * cancelar|anular`},
	{"payment", `
		formas|forma|metodos|metodo|medios|modo|condiciones|opciones de pago|pagar
		como|donde|cuando se|puedo|podria|hay|tengo|os|debo * pagar|paga|pago|abona
		se|puedo|puede|aceptais|podeis|aceptan|cogeis|admitis|teneis|podria|vale * tarjeta|tarjetas|efectivo|bizum|visa|mastercard|paypal|transferencia|datafono|amex
		pagar|pago|pagando con|en|por|al|alli|despues|luego tarjeta|efectivo|bizum|salon|persona|transferencia|mano?
		cuanto|que|cual|es|por|hay|de * deposito|señal|anticipo|adelanto|fianza
		hay|tengo que pagar|dejar|adelantar * deposito|señal|antes|adelantado|anticipo|algo
		por adelantado|anticipado
		pedis|piden|exigis|cobrais * deposito|señal|anticipo|fianza`},
}

const (
	spanishRude = `joder coño mierda puta puto hostia ostia cabron cabrones cabrona gilipollas tonto tonta tontos idiota idiotas
		imbecil imbeciles inutil inutiles estupida estupido capullo pendejo carajo cojones jodidos maldita maldito`
	spanishWearers = `hombre hombres caballero caballeros chico varon`
	spanishMenfolk = `hijo hijos marido esposo novio padre papa viejo hermano hermanito abuelo sobrino tio cunado suegro nieto nino ninos nene pibe`
)

var spanishAbout = map[models.Category]string{
	models.Hair: `pelo cabello peluqueria capilar`, models.Aesthetics: `estetica belleza piel cara uñas`,
}
