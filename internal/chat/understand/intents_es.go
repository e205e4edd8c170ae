package understand

// spanishIntents are the wordings of each intent.
var spanishIntents = []entry[Intent]{
	{Yes, `
		^ si !puede|puedes|pueden|podria|podrias|pudiera|pudieras|pudiese|es|hay|tienes|teneis|tienen|fuera|no|te|os|hubiera|tuvieras|tuvierais|quieres|quereis|se|cancelo|anulo|llego
		^ sii|sip|sep|sips|sisi|simon|aja
		^ vale|venga|dale|ok|okay|okey|oki|okis|okei|va|orale|sale|hecho|listo
		^ claro|perfecto|perfecta|genial|estupendo|estupenda|fenomenal|fantastico|exacto|exactamente|correcto|efectivamente|adelante|guay|ideal|maravilloso|bueno|super|encantada|encantado
		^ bien $
		muy|esta|todo bien|perfecto|genial|estupendo
		me parece bien|perfecto|genial|estupendo|estupendamente
		suena|pinta bien|perfecto|genial
		me va|viene|queda bien|perfecto|genial|de|estupendamente
		claro que si
		claro que !no
		por supuesto
		desde luego
		de acuerdo
		como no
		me sirve|apunto|vale
		lo|la|el|ese|esa|me cojo|tomo|reservo
		me lo|la cojo|tomo|reservo|llevo
		me lo|la quedo
		me quedo con
		hazlo|hagamoslo|reservalo|reservala|reservame|reservamelo|confirmalo|apuntame|cogelo|ponme
		^ confirmo|confirmado|confirmada|confirma|acepto
		^ soy yo
		si soy yo
		^ la|el misma|mismo
		^ asi|eso es
		^ eso|esa|ese $
		ese|esa|eso soy|me yo|vale|va
		no hay problema
		no pasa nada
		sin problema|duda
		te lo agradeceria
		que si
		cuenta conmigo`},
	{No, `
		^ no me interesa|apetece|convence
		^ no quiero|necesito|lo $
		^ no lo? quiero|necesito
		^ nop|nope|nah|nanai|naa|nel|negativo|nunca|jamas|tampoco
		^ no|nada gracias
		mejor|prefiero|creo|pues que? no
		para nada
		en absoluto
		^ que va
		claro que no
		por supuesto que no
		de momento no
		por ahora no
		ahora|hoy no $
		esta vez no $
		no hace falta
		no es mi nombre|correcto|asi|eso|ese|esa
		no me llamo
		^ ninguno|ninguna
		^ incorrecto|equivocado|error $`},
	{Nothing, `
		^ si no
		cita previa
		horario de reserva
		^ vale|bueno aunque
		peluca de pelo humano
		pelo humano
		extensiones de pelo humano
		politica|condiciones|plazo|gastos|coste de cancelacion|anulacion|cancelaciones`},
	{Greeting, `
		^ hola|holaa|holi|holis|ola|buenas|buenos|saludos|wenas|hey
		buenos dias
		buen dia
		buenas tardes|noches
		muy buenas`},
	{Thanks, `
		gracias|grax|grcs|graciass|grasias
		muchas|mil gracias
		te|lo|os lo? agradezco
		muy amable`},
	{Goodbye, `
		^ adios|chao|chau|agur
		adios|chao $
		hasta luego|pronto|manana|entonces|la|otra|el
		nos vemos
		que tengas|tengais|pases|vaya buen|bien|bonito|un
		buen fin|finde|dia $
		cuidate|cuidaos
		un saludo|abrazo`},
	{Person, `
		^ una|un|con? persona|humano|humana|agente|operador|operadora|encargada|encargado|recepcionista|recepcion|dependienta|responsable $
		persona|alguien|humano|gente de? real|humana|humano|verdad|carne
		alguien del|de equipo|salon|peluqueria|carne
		hablar|hablo|habla|hable|chatear|contactar|comunicarme|comunicar|escribir|charlar con una|un|el|la|alguna|algun|vuestra|otra? persona|humano|alguien|agente|operador|operadora|encargada|encargado|recepcionista|recepcion|responsable|empleada|companera|gerente|duena|dueno|jefa|jefe|asesor|asesora|equipo|trabajador
		quiero|necesito|prefiero|ponme|paseme|pasame|pasarme|ponerme|pasadme|comunicame|comunicarme|puedo|conectame|dame * con? una|un|el|la|algun|alguna? persona|humano|humana|agente|operador|operadora|encargada|encargado|recepcionista|responsable|gerente
		atencion al cliente
		atencion|agente|asistente|operador|trato humana|humano|personalizada|personal
		no quiero|con|un hablar? con? un|una? bot|robot|maquina
		me|nos puede|puedes|podeis|pueden llamar alguien?
		llamadme|llamame por|al
		^ llamadme|llamame $
		que me llame|llamen|atienda|atiendan alguien|una?
		hay alguien ahi|real|humano
		una persona por|que|real`},
	{Cancel, `
		cancel%
		anul%
		desanul%
		borra|borrad|quita|quitad|elimina|quitame|borrame mi|la|el|esa|de cita|reserva|hora|turno|visita
		ya no quiero|voy|puedo|necesito|ire|vamos la|a|ir|cita?
		dar|doy|dame de baja la|mi cita|reserva|hora`},
	{Move, `
		reprogram%
		aplaz%
		pospon%
		retrasar|adelantar|mover|cambiar|pasar|trasladar|correr|modificar mi|la|el|esa|nuestra|de * cita|reserva|visita|hora|turno|fecha|dia
		muev%|cambia|cambiame|cambiad|cambiadme mi|la|el|de cita|reserva|visita|hora|turno|dia|fecha
		pasa|pasame|pasad mi|la|el cita|reserva|visita|hora|turno
		pasala|pasarla|moverla|moverlo|cambiarla|cambiarlo|muevela|muevemela|aplazarla|adelantarla|retrasarla|pasadla|movedla
		cambiar|cambio de hora|dia|fecha|cita`},
	{Delay, `
		llego|llegare|llegaremos|llegar|llegando|voy|ire|vamos|estare|llegamos * tarde|retraso|retrasada|retrasado
		me|nos|se retraso|retrasare|retrasamos|demoro|demorare|atraso|atrasare
		retraso|retrasada|retrasado|demora|atasco|trafico
		voy|estoy de|en camino
		<n> minutos|min|mins tarde
		en|dentro de? <n> minutos|min
		pillada|pillado|atascada|atascado|trafico`},
	{Duration, `
		cuanto|que tiempo
		cuanto|cuanta dura|tarda|tardan|tardais|duran|tardaria|durara|tardariais
		duracion
		cuantos|cuantas minutos|horas`},
	{Price, `
		precio|precios|tarifa|tarifas|coste|costes|presupuesto
		cuanto|cuánto|que|q|cuanta cuesta|cuestan|vale|valen|es|sale|salen|costaria|seria|cobrais|cobras|cobran|valdria|me
		a como|cuanto
		por cuanto
		lista de precios
		cuanto $`},
	{Complaint, `
		queja|quejarme|reclamacion|reclamar|reclamo|quejas
		fatal|horrible|pesimo|pesima|desastre|inaceptable|vergüenza|indignante|asco|decepcionada|decepcionado|decepcion|enfadada|enfadado
		no estoy contenta|contento|satisfecha|satisfecho|conforme
		devolvedme|devolvais|devuelvan|devuelvame|devuelveme
		me han|habeis|ha dejado|estropeado|quemado|destrozado
		muy|fatal|tan mal servicio|trato|atendida
		hoja|hojas de reclamaciones`},
	{PaymentProblem, `
		enlace|link|pago|tarjeta|pagina|web|banco|transaccion|cobro * falla|fallado|fallo|fallido|fallando|error|caducado|caduco|rechazado|rechazada|denegado|denegada|roto|rechaza|invalido|bloqueado|expirado|caido
		enlace|link|pago|tarjeta|pagina|web * no|sin * funciona|funcionan|va|abre|carga|deja|pasa|sirve|funcionado|entra|permite|acepta|funcionando|responde
		no me|se|nos|puedo|consigo|logro|deja|he? funciona|abre|carga|deja|puedo|va|pasa|acepta|permite|entra|sirve * enlace|link|pagar|pago|tarjeta|pagina
		no me|nos? funciona|abre|carga|furula $
		no me deja
		no puedo|consigo|logro|he|hemos|pude|podido pagar|podido|abrir|hacer|completar
		mismo|otro problema|error|fallo
		otra vez|sigue el|lo|con? mismo|igual|fallando|error|problema|sin
		problema|problemas|error|fallo|lio con|en|al|de el|la? pago|pagar|enlace|link|tarjeta|bizum
		da|sale|dando|aparece error|fallo|un
		me ha|han|la rechazado|denegado|rechaza|rechazan|deniega`},
	{PaidClaim, `
		he|hemos pagado|abonado|transferido
		he|hemos hecho|realizado * pago|deposito|transferencia|bizum
		ya lo|la|esta|he|te|os? pague|pagado|pagada|abonado|abone|pago
		pague|abone ya|el|la|hace|anoche|ayer
		pago|deposito|transferencia hecho|realizado|hecha|realizada|completado
		^ pagado|pague|pagada $
		acabo de pagar|abonar|hacer`},
	{SendLink, `
		manda%|envia%|envi%|reenvi%|pasame|pasa|pasas|pasadme|mande|mandame|dame|comparte|compart% * enlace|link|url
		enlace|link otra|de vez|nuevo
		otro|nuevo enlace|link
		donde|cual esta|es|veo * enlace|link
		no me|he|lo|encuentro|veo * llegado|llega|recibido|encuentro|enlace|link * enlace|link
		no me ha|han llegado|llega|mandado
		he perdido|borrado el? enlace|link
		necesito|quiero|falta|perdi * enlace|link
		^ el? enlace|link de? pago? $`},
	{SwitchLanguage, `
		en español|castellano
		español|castellano por|pls|please
		^ español|castellano|spanish $
		hablas|habla|hablais|hablar|hablame|hablemos|contesta|responde|escribeme|puedes * español|castellano
		prefiero|mejor el|en? español|castellano
		in spanish
		spanish please|pls
		to spanish
		speak|talk in? spanish
		بالاسباني|بالاسبانيه|اسباني
		باللغه? الاسبانيه`},
	{Stop, `
		^ stop|parar|baja $
		dar|darme|dame|dadme|doy de baja
		no me? mandes|mandeis|escribas|escribais|envies|envieis|quiero|molestes|escriban|envien mas|mensajes|recibir
		dejad|deja|dejen de escribirme|escribir|mandar|mandarme|enviar|enviarme|molestar
		no quiero recibir|mas mensajes|recibir?`},
	{Start, `
		^ alta|start|empezar $
		darme|dame|dadme de alta
		volver a recibir`},
	{Usual, `
		lo|la|el de siempre
		como siempre
		lo|el|la mismo|misma de|que|otra siempre|vez|ultima|la|anterior|antes
		lo habitual|mismo
		mi|lo|el habitual
		lo que me hago|hice|suelo|hacemos
		igual que la|siempre|otras ultima|vez|veces?`},
	{ThirdParty, `
		para mi madre|padre|mama|papa|hermana|hermano|hija|hijo|marido|mujer|esposa|esposo|novia|novio|pareja|amiga|amigo|tia|tio|prima|primo|abuela|abuelo|suegra|sobrina|cuñada|jefa|nieta|compañera
		para una|un|otra amiga|amigo|persona|familiar|conocida|compañera
		para ella|el|otra $
		de parte de
		mi madre|hermana|hija|hijo|marido|mujer|amiga|padre|mama quiere|necesita|querria`},
	{Group, `
		mi|una|mis madre|hija|hermana|amiga|marido|hijo|mama|pareja|amigas|prima|novia|novio|mujer y yo
		yo y|con mi|una|mis
		con|y mi|una madre|hija|hermana|amiga|mama|prima tambien|las|a|juntas
		somos|seriamos <n>
		para <n> personas|amigas|chicas
		para|venimos|vamos dos|tres personas|amigas|chicas
		las|los dos|tres juntas|juntos
		nosotras|nosotros dos|tres|dos
		reserva|reservanos|a ambas|nos|juntas
		<n> personas|amigas|chicas
		juntas|juntos
		grupo`},
	{Correction, `
		queria|quise decir
		quiero decir
		me referia|refiero
		perdon|no|bueno|mejor|espera digo|es|el|la|queria
		en vez|lugar $
		me he equivocado|confundido|liado
		me equivoque|confundi
		me lo he? pensado mejor
		he cambiado de idea|opinion
		cambio de idea|opinion
		mejor|prefiero el|la|los|las|a|por|que !de
		o mejor|sea
		corrijo|rectifico|correccion
		en realidad`},
	{Undecided, `
		no se|sabria|lo
		no lo? se|tengo|sé claro?
		no estoy segura|seguro
		dudo|duda|dudas|dudando|indecisa|indeciso
		que|cual me recomiendas|recomendais|aconsejas|aconsejais|recomienda|sugieres|sugeris|conviene
		recomiend%|aconsej%|recomendacion|sugerencia|consejo
		cual es|seria|me|va mejor|queda
		que|cual es|seria|me mejor|va|iria|quedaria
		ayudame|ayuda a|para decidir|elegir|decidirme`},
	{ListServices, `
		que|cuales * servicios|tratamientos
		lista|carta|catalogo de servicios|tratamientos|precios?
		que haceis|ofreceis|teneis|hacen|ofrecen
		^ servicios|tratamientos|catalogo|carta|menu $
		todos los servicios`},
	{MyBooking, `
		cuando|cual|que|a dia|hora? es|tengo|era|tenia mi|la|una? cita|reserva|visita
		tengo|tenia !que * cita|reserva|hora|visita
		mi|mis proxima|proximas|siguiente|actual cita|citas|reserva|visita
		ver|confirmar|consultar|comprobar|mirar mi|mis|la cita|citas|reserva|reservas
		cuando me toca`},
	{Book, `
		reserv%
		cita|citas|citarme|turno|agendar|agenda|agendame
		pedir|pedirte|coger|cojer|sacar|dar|dame|darme|pillar|concertar * hora|cita|hueco|turno
		hay|teneis|tienes|tendriais|tendrias|queda|quedan|habria|tendrian|tienen|os * hueco|huecos|hora|horas|sitio|libre|libres|disponible|disponibles|disponibilidad|cita|algo
		disponibilidad|hueco|huecos|huequito|huequito
		algo libre|disponible
		apuntarme|apuntame|apuntadme
		me podeis|puedes|podriais|podrias|pueden|puede coger|dar|hacer|atender|poner
		quedar|pasarme|ir el|manana|hoy|por`},
}

// spanishHints are the wordings of the hints.
var spanishHints = []entry[hint]{
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
	{hintBoth, `
		ambos|ambas
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
		otro|otra|otros|otras|mas hora|horas|dia|dias|hueco|huecos|opcion|opciones|momento|fecha|fechas|horario|horarios|alternativa|alternativas|cita|disponibilidad
		alguna|algun|teneis|tienes|hay|algo|alguna mas|otra|otro|distinto|diferente
		^ otro|otra|otros|otras|mas $
		que|algo mas hay|teneis|tienes|opciones?
		ninguno|ninguna de esos|esas|los|las|ellos|ellas|me|va|viene
		^ ninguno|ninguna
		no me va|viene|vienen|van|sirve|sirven|cuadra|cuadran|encaja|encajan|convence|conviene
		no puedo a? esas|esos|a|en|ninguna|esa|ese
		a esas|esa horas|hora no
		ni uno|una ni otro|otra`},
	{hintLater, `
		la|el|lo|algo|un|poco? poco? mas tarde|tardia|tardio
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
		que dia|tiempo|calor|frio mas?|tan|hace|bonito
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
		cancelar|anular gratis|sin`},
	{"payment", `
		formas|forma|metodos|metodo|medios|modo|condiciones|opciones de pago|pagar
		como|donde|cuando se|puedo|podria|hay|tengo|os|debo * pagar|paga|pago|abona
		se|puedo|puede|aceptais|podeis|aceptan|cogeis|admitis|teneis|podria|vale * tarjeta|tarjetas|efectivo|bizum|visa|mastercard|paypal|transferencia|datafono|amex
		pagar|pago|pagando con|en|por|al|alli|despues|luego tarjeta|efectivo|bizum|salon|persona|transferencia|mano?
		cuanto|que|cual|es|por|hay|de * deposito|señal|anticipo|adelanto|fianza
		hay|tengo que pagar|dejar|adelantar * deposito|señal|antes|adelantado|anticipo|algo
		por adelantado|anticipado`},
}
