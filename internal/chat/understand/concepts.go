package understand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// conceptWords are the ideas by which intents are told apart and the words for each in the three
// languages, so that what the model learns from one wording or language holds for the others. A word
// with % stands for all that begin so. Arabic words stand without what is written onto them.
var conceptWords = map[string]string{
	"cancel":      `cancel% cancle% canel% scrap drop delete bin scratch withdraw anul% cancél% suprim% borr% desapunt% elimin% tach% كنسل% الغ% لغ% الغاء شيل% احذف% حذف اشطب% امسح% انسحب بلاها بطل% يلغ% تلغ% نلغ% بلغ% annul% elgh% algh% ilgha% canc% kansel% cansel%`,
	"move":        `move% moving reschedul% resch% postpon% rearrang% swap% switch% shift% push% bump% delay% later earlier bring change% chang% cambi% camvi% kambi% mov% muev% muév% pas% traslad% aplaz% pospon% reprogram% reagend% adelant% retras% atras% corre correr recorr% traspas% reubic% posterg% غير% اغير تغير% نغير% اجل% تاجيل تاخير% نقل% انقل% ننقل% بدل% ابدل تبديل زحزح% قدم% حول% نحول% عدل% تعديل رحل% اخر% ajjel% agel% ghayyer% ghayar% 2ajjel% 8ayer%`,
	"book":        `book% reserv% schedul% pencil squeeze fit slot slots space gap gaps opening openings availab% free vacancy agend% apunt% hueco huecos disponib% disponible libre turno coger cógeme احجز% حجز% نحجز تحجز% فاضي% فضي% متاح% مجال سجل% ثبت% رتب% فرصه 7jz 7ejz% a7jez% ne7jez n7jez e7jez a7gez rendez-vous`,
	"visit":       `appointment% appt% booking% visit% session cita citas sita turno visita sesion sesión reserva موعد% مواعيد% حجز% حجوز% زياره جلسه% ميعاد% maw3ed% maw3id% mou3id% mi3ad% appointment rendezvous`,
	"want":        `want% wanna need% like love id wish quiero queria quería quisiera kiero necesit% gustaria gustaría ocupo deseo dese% اريد% ابغ% ابي نبي نبغي بدي بدنا عايز% عاوز% حاب% ودي بغيت محتاج% نفسي يريد تبي badi badde biddi bedi abgha abi 3ayez% 3ayz% 3awez bghit`,
	"can":         `can could would may might possible puedo podria podría puedes pueden podeis podéis podemos podriais podrían posible ممكن اقدر يمكن% فيني فيي ينفع يصير تقدر% بقدر نقدر هل% momkin mumkin mumken yumkin`,
	"link":        `link% url enlace% liga linc رابط% الرابط لينك% لنك% وصله وصلة rabet rabit lien linkk`,
	"send":        `send% sent resend% resent forward% share manda% mandad% manden envia% envía% enviad% reenvi% reenví% pasa pasad% pasame pásame ارسل% رسل% بعت% ابعت% ابعث% بعث% ترسل% دز% طرش% اعد% يعيد% تعيد% نعيد sifto b3at% ib3at eb3at% ersel% arsel%`,
	"pay":         `pay% pago pagar pague pagué pagu% pagan abon% transfer% bizum ادفع% دفع% ندفع تدفع% سداد تسديد اسدد حول% تحويل خلص daf3% adfa3 edfa3 nkhalles nkhalless`,
	"paid":        `paid payed settled transferred sent pagado pagada pague pagué abonado abone aboné transferi transferí ingresado hecho دفعت% دفعنا سددت% سديت حولت% خلصت الدفعه تم اندفع مدفوع% انقبل dafa3t% dfa3t khallast khlsst`,
	"deposit":     `deposit señal anticipo adelanto seña fianza عربون% مقدم العربون 3arboun% 3arbon%`,
	"card":        `card cards visa mastercard bank bizum wallet tarjeta% banco cvv بطاق% فيزا ماستر% ماستركارد مدي بنك% البنك كارت carte`,
	"fail":        `fail% declin% reject% error% errors broken stuck expir% invalid frozen freez% crash% glitch% bounce% blank load% loading dead bug fall% falla% rechaz% deneg% caduc% venc% cuelg% colg% bloque% blanco rebot% شغال% يشتغل تشتغل بيشتغل خطا غلط% مرفوض% رفض% يرفض% ترفض% معلق% علق% يعلق منتهي% انتهي انتهت فشل% فاشل% خطأ expired يفتح بيفتح يحمل تحمل مسكر`,
	"works":       `work% working worked wroking go goes going through works funciona% anda va vaya carg% cargar abre abrir tira deja dejan entra يمشي تمشي ماشي يكمل يقبل يخلي`,
	"order":       `order% purchase% bought pedido% pedi pedí compra% compré compre encargo encargu% orden طلب% طلبيه% طلبت% اوردر% مشتريات% order ordr talab% commande`,
	"parcel":      `parcel% package% packet deliver% shipp% shipment dispatch% courier tracking track% arriv% post postage customs paquete% pakete% envio envío enviado reparto mensajero repartid% seguimiento llega llegado entreg% aduana% طرد% شحن% شحنه% توصيل% يوصل% وصل% وصلني وصلت توصل% مندوب باكيج الباكج التتبع تتبع colis shipping delivery`,
	"return":      `return% refund% retrun% exchang% swap back guarantee warranty devol% devuel% devolv% reembols% cambi% descambi% garantia garantía ارجع% رجع% ترجع% يرجع% نرجع ارجاع استرجاع% استرد% مرتجع% استبدل% تبديل ابدل ابدله% ابدلها rajje3 raje3% araje3 arga3% retour rembours% ريفند`,
	"damaged":     `damag% broken leak% leaking smash% crack% opened unopened unused sealed wrong faulty defect% roto rota rotas rotos abierto abierta derram% equivocad% defectuos% cerrad% precint% مكسور% كسر% خربان% خرب مفتوح% مغلف% تالف% فاضي ناقص% غلط مسرب`,
	"product":     `product% shampoo% champu champú champus conditioner% acondicionador% mask% mascarilla% oil% oils aceite% serum% sérum% suero spray% cream% crema% lotion locion loción mousse espuma gel gels wax cera ceras brush% cepillo% peine comb dryer% secador% straightener% plancha% curler% rizador% tongs balm balsamo bálsamo scrub exfoliante% exfoliant cleanser limpiador% toner tónico tonico polish esmalte% varnish lipstick labial% hairspray laca brochas brocha sponge esponja perfume% agua powder polvo% kit sets set pack bottle tub tube jar bote% frasco% tubo leave-in protector primer foundation منتج% منتجات% شامبو% بلسم% ماسك% قناع زيت% زيوت% سيروم% سيرم% كريم% كريمات لوشن بخاخ% سبراي مقشر% تونر غسول مناكير طلاء% فرشاه فرش مشط مجفف استشوار مكواه% واكس جل رذاذ عطر علب% علبه% عبوه% قنينه% حنه مثبت شمع masque serum zet zeit krim`,
	"sell":        `sell% sale stock% carry vend% vendéis vendeis vendes vende venden tienda shop catálogo catalogo quedan queda بيع% تبيع% تبيعون% بتبيع% بتبيعوا متوفر% يتوفر متجر% كتبيعو tbi3% btbi3%`,
	"buy":         `buy% purchas% compr% llevo llevar اشتر% اشتري نشتري شرا بشتري ashtri nchri eshteri`,
	"show":        `show% see look% browse mostr% enseñ% muestr% ver وريني% ورجيني% فرجيني% اشوف% شوف% عرض% اعرض% اتفرج farjini warrini`,
	"search":      `search% looking find after hunting busco buscando buscar ادور% دور% ابحث% بدور% adawer`,
	"basket":      `basket% cart% trolley bag carrito% cesta% carro bolsa سله% السله سلتي سلة كارت% عربه% عربيه سلتى salle% panier lpanier salla%`,
	"add":         `add% put pop throw stick chuck include more añad% anad% agreg% pon% pón% mete% sum% súma% echa% ضيف% اضيف% اضف% زيد% زود% حط% حطي% حطوا% خليهم ضف zid% zidi% dif%`,
	"remove":      `remove% take off without less quit% saca% sáca% elimin% menos borr% vaci% vací% شيل% احذف% نقص% امسح% فرغ% طلع% افرغ na77i% shil% chil%`,
	"checkout":    `checkout check-out till finalis% finaliz% complete terminar proced% tramit% cobra% cobrame cóbrame caja liquid% اتمام اكمل% كمل% انهي% اخلص% احاسب% نحاسب حاسب% الحساب شراء n7aseb a7aseb`,
	"price":       `price% pricing cost% fee% charge% charges much quote expensive cheap% afford precio% cuanto cuánto cuesta% vale valen cobr% tarifa% importe sale caro cara barato euro% plata dinero kuanto cnto presupuesto بكم كم% سعر% اسعار% تكلف% كلفه يكلف حساب% قديش% قديه اديش بقداش بشحال شحال% كام% حق% يطلع% ثمن% سوم% غالي bikam bkam adesh 2adesh addesh kam chhal b9addech 9addech se3r si3r b2adesh`,
	"long":        `long length% minutes hours last% duration time takes take dur% tarda% tard% rato largo larga hora% minuto% tiempo demora% lleva مده% مدة% ياخذ% تاخذ% ياخد% بياخد% بتاخد% يطول% تطول% يستغرق% تستغرق% دقيقه دقايق ساعه% ساعات وقت تدوم مدتها اقعد هقعد اطول yakhod`,
	"when":        `when cuando cuándo متي امتي ايمتي وقتاش emta mata waqtach emtan`,
	"where":       `where wheres donde dónde adonde وين% فين% اين% فينك wein fein wen fin`,
	"who":         `who with quien quién con مين مع% مع min`,
	"hours":       `open% close% closing closed hours hour opening sunday% abre% abrís abris abierto cierr% cerrad% horario% مفتوح% تفتح% يفتح بتفتح% تسكر% بتسكر% فاتح% فاتحين دوام% دوامكم ساعات تقفل% بتقفل% تفتحون% يسكر fat7een btfta7o fatheen`,
	"parking":     `park% parking garage car aparc% coche% estacion% باركنج% موقف% مواقف السياره% اوقف% اركن% سيارتي parkin%`,
	"address":     `address located location where street directions map maps metro station direccion dirección ubicacion ubicación calle mapa llegar queda عنوان% موقع% لوكيشن% شارع% بنايه% خريطه لوكيشين مترو adresse l'adresse 3nwan`,
	"policy":      `policy lose fee keep charged cancellation free politica política pierdo pierde perd% sancion penaliz% coste سياس% اخسر يروح شروط`,
	"late":        `late delay% running behind mins minutes min tarde retras% retraso retrasad% demor% tardo تاخر% متاخر% اتاخر% بتاخر% هتاخر% تاخير متأخر% t2akhar mt2akhar% mit2akher% t3atal% net3attel hat2a5ar at2a5ar`,
	"traffic":     `traffic bus train tube metro stuck jam taxi uber parked motorway flight atasco% trafico tráfico tráfic% atasc% camino tren autobus autobús زحمه% زحام الطريق% بالطريق% طريقي% مواصلات مرور% المرور باص تاكسي za7me za7ma moror tari2`,
	"coming":      `coming come comin attend% there be turn voy vengo vamos iré ire alli allí asistir% acud% ahí ahi llego llegaré llegare estaré estare جاي% جايه% جايين احضر% حاضر% بكون% اكون% راح% حكون% هكون% باجي جيت اجي% اجيكم جايي موجود% حضوري باني jey jaye jayya jayin raye7 ban kan`,
	"notcoming":   `cant can't cannot wont won't unable couldnt miss imposible بقدر% مااقدر ماقدر% mabghitch ma2dar n9derch ma3ad`,
	"confirm":     `confirm% confrim% confirmo confirmado confirmada اكد% اوكد% ااكد% تاكيد% موكد% مؤكد% تاكدت مثبت akked 2akid mo2akad`,
	"remember":    `remember% forgot% forget remind% recall recuerd% olvid% acord% record% نسيت% ناسي% ذكر% فكر% تذكر% اتذكر% nsit nesit`,
	"down":        `down diary booked still confirmed registered name list apuntad% agendad% tengo tenía tenia figuro salgo عندي مسجل% محجوز% حاجز% باسمي 3andi 3indi`,
	"me":          `i me my im i'm mine myself yo mi mis mí انا% لي ليا الي نفسي ana ane li lia`,
	"and":         `and plus & y con e و مع w`,
	"we":          `we us our both together all everyone nosotr% nos juntas juntos ambas ambos احنا% نحن كلنا سوا% ثنتين% جميعا معي% معايا% معاي sawa m3aya`,
	"people":      `people persons ladies girls guys couple family bride bridesmaid% team kids children personas chicas amigas familia pareja novia damas niñas niños اشخاص% بنات% صبايا عيله عائله% عايله اولاد% ولاد% صديقات% خوات% خواتي نفر انفار% عروس اخوات وصيفات`,
	"count":       `two three four five both couple dos tres cuatro cinco 2 3 4 ثنين% اثنين اتنين% تلاته% ثلاث% اربع% ثنتين شخصين بنتين كرسيين موعدين`,
	"each":        `each simultan% same cada misma mismo juntas لكل% نفس%`,
	"kin":         `mother mum mom mam mummy father dad daddy sister brother daughter son husband wife hubby missus grandmother gran granny nan nana grandad aunt auntie uncle niece nephew cousin fiance% fiancé% girlfriend boyfriend partner kid child baby boy girl stepdaughter mother-in-law madre mama mamá padre papa papá viejo vieja hermana hermano hermanita hija hijo marido esposo esposa mujer abuela abuelo tia tía tio tío sobrina sobrino prima primo suegra suegro cuñada cuñado novia novio nieta nieto nene nena chico niño niña peque امي% ماما% الوالد% والدت% والدي% ابوي% ابي بابا% اختي% اخت% اخوي% اخي% اخويا خويا بنتي% ابنت% بنت% ابني% ولدي% ابن% زوجي% زوجت% جوزي% مراتي مرتي خالت% خالي عمت% عمي جدت% ستي تيتا جدي حمات% كنت% خطيبي% خطيبت% قريب% خالتو ukhti okhti ommi ummi binti benti bint jozi jawzi zawji khti khoya baba weldi`,
	"friend":      `friend% mate bestie bff colleague% neighbour neighbor roommate boss flatmate nanny amiga amigo compi compañera compañero compa vecina vecino jefa jefe pana صديق% صاحب% رفيق% زميل% جارت% جارتي صحبت% sa7bti rfi2ti jarti`,
	"for":         `for para pa pal por ل لـ حق لاجل عشان علشان`,
	"gift":        `gift% present% surprise% treat birthday voucher regal% sorpres% cumpleaños هديه% هدي% اهدي% مفاجاه%`,
	"always":      `usual% usually always regular% normal% normally standard routine typical habitual% siempre costumbre acostumbrad% normalmente mismo misma رطله عاده% عادت% المعتاد% معتاد% متعود% كالعاده دايم% دائم% دايما روتين% العاده متل% زي% el3ada dayman`,
	"again":       `again repeat% same last previous another time before otra vez repet% ultima última anterior pasada igual مره% نفس% كرر% تاني% ثاني% السابق% الماضي% المره% اخر% متل tani marra`,
	"person":      `human% person% people someone somebody anyone agent% operator% receptionist% manager% owner staff representative advisor colleague lady boss humano humana persona alguien encargad% agente% operador% dueñ% recepcion% recepción% gerente موظف% انسان% شخص% احد% حد% حدا% بشر% مدير% مسوول% مسؤول% الاستقبال ريسبشن% صاحبه a7ad 7ada 7ad mowazaf% muwazaf% bashar shakhs`,
	"talk":        `talk% speak% chat call% phone ring hablar hablo% habla% llam% comunic% contact% pasadme pásame atiend% اتكلم% اكلم% احكي% كلم% تكلم% اتواصل% تواصل% حول% يرد% يكلمني اتصل% يحكي e7ki akallem atkallem`,
	"robot":       `bot robot machine ai automatic% computer real maquina máquina automátic% ia بوت% روبوت% الي حقيقي% برمج% برنامج ذكاء`,
	"bad":         `terrible awful bad worst horrible disgust% unaccept% rubbish ruin% rude disappoint% unhappy appall% shocking uneven patchy ignored joke disgrace% furious angry fuming dreadful poor mess butcher% wonky unprofessional complain% complaint% overcharg% pesim% pésim% fatal horror mal mala malo asco verguenza vergüenza desastre decepc% decepci% estafa quej% reclam% queja inaceptable maleducad% grosera% indignad% enfadad% furios% chapuza trato sucio destroz% arruin% quemaron سيء% سيي% اسوا% اسوء% زفت% خايس% فاشل% مقرف% وسخ% شكوي% اشتكي% زعلان% زعلت غاضب% معصب% مقهور% قله% وقاحه% غش% نصب% خربت% خرب% بهدل% مستاء% خيبه حرقتوا% ندمان% استهتار% اهمال% عيب mabsoot mabsoota za3lan% khayes zift`,
	"good":        `good great perfect fine lovely brilliant amazing wonderful excellent nice genial perfecto estupend% fenomenal bien maravill% buenisim% divin% حلو% ممتاز% تمام% رايع% رائع% روعه% جميل% تحفه% كويس% زين% mumtaz tamam`,
	"thanks":      `thank% thanks thx cheers ta appreciat% grateful obliged bless graci% grasias agradec% agradez% merci شكر% مشكور% تسلم% يسلم% ممنون% يعطيك% ثنكس ميرسي شكرا% العافيه رحم الوالدين% يعيشك الله% shukran chokran teslam% tslm yslm%`,
	"bye":         `bye goodbye farewell later cya chao chau adios adiós hasta luego سلام% باي% وداعا% اشوفكم% نتلاقي% تصبح% خير beslama bslama`,
	"hi":          `hi hello hey hiya howdy morning evening afternoon hola holi buenas buenos saludos wenas aloha مرحب% السلام% اهلا% هلا% هاي صباح% مسا% هاللو الو% salam marhaba ahlan hala sabah`,
	"messages":    `message% messages text% texts spam advert% ads promo% newsletter marketing notification% offers whatsapp% mensaj% publicidad promocion% promos ofertas avisos notificacion% novedades info información رساي% رسال% رسايل% اعلان% عروض% اشعار% دعاي% تنبيه% واتس% ميساج% رسالكم rasayel rsayel`,
	"stop":        `stop% unsubscrib% opt out remove cease quit enough baja dejar dejad deja dejen parar parad paren basta darme desuscrib% desactiv% borradme وقف% اوقف% بطل% بطلوا توقف% ايقاف كف% الغوا خلص حبسوا% ممنوع سكروا wa2ef wa2fo w2fo sakkro`,
	"start":       `start% subscrib% resubscrib% resume% reactivat% activ% turn back opt in alta reactiv% reanud% suscrib% volver vuelv% retom% autoriz% شغل% فعل% تفعيل% اشترك% رجع% ارجعوا% ابدا% استانف% عيد% اسمح% اشتراك%`,
	"language":    `english spanish arabic castellano español espanol ingles inglés arabe árabe language idioma lengua lang translat% traduc% french german understand speak hablas عربي% العربي% انجليزي% انكليزي% الانجليزيه الانكليزيه انجليش% اسباني% اسبانيه% لغه% اللغه% بالعربي% بالعربيه ترجم% 3arabi 3araby`,
	"name":        `name% named called call spelled spelt surname maiden nombre% llamo llamas apellido% apellid% llama escribe nombrad% اسمي% اسم% الاسم% ناديني% لقبي esm% smiti ismi esmi`,
	"wrong":       `wrong% mistake% misspelt misspelled typo incorrect% not actually mal equivoc% error correg% corrig% confund% غلط% خطا% مو% مش% لست% صحح% تصحيح% عدلوا% الصح% صح% الصحيح% mesh mish mosh`,
	"not":         `not no don't dont never nothing none doesn't isn't wasn't didn't nada nunca ni tampoco jamás لا% ما% مو مش مب ليس لم لن لست غير بدون ma mish mesh machi mafi`,
	"mean":        `meant mean said sorry instead rather correction oops wait digo decia decía quise perdon perdón mejor ups قصدي% اقصد% عفوا% قلت% اسف% سوري ya3ni asdi 9asdi`,
	"recommend":   `recommend% suggest% advice advise opinion think reckon best better suits suit recomend% aconsej% conviene sugier% suger% opina% consejo orient% favorece mejor تنصح% انصح% نصيح% تقترح% اقترح% اقتراح% رايك% رايكم% تفضل% تشوف% افضل% احسن% انسب يناسب% تناسب% ينفعني tensa7% tnsa7%`,
	"doubt":       `unsure undecided sure torn decide% deciding idea choose pick doubt% hesitat% either dudo duda% indecis% decid% decidir elegir elijo escoger محتار% محتاره حيران% مترد% احتار% اختار% ضايع% قرر% اعرف ادري عارف% عارفه ma3rf m7tar% 7ayran% m7ayra m7tara`,
	"or":          `or versus vs o u entre between او ولا ام wala aw wela wella بين bin`,
	"which":       `which what whats cual cuál cuales qué que اي% ايش% شو% ايه% وش% شنو% اش% ماذا ما sho shou shu eh chno wesh ash`,
	"offer":       `offer% services service treatments treatment menu do provide list range have got ofrec% servici% tratamient% carta lista haceis hacéis hacen haces hace oferta خدم% خدمات% منيو% قائم% تقدم% تسو% بتعمل% بتعملوا% عندكم% عندكن% عندك% تعمل% علاجات كاين% fi 3andkom 3andkon 3ndkum khadamat`,
	"else":        `else other besides apart another also mas más además ademas otra otro aparte غير% كمان تاني% ثاني% برضه% ايضا بعد`,
	"offmenu":     `lashes lash balayage keratin botox laser tan tattoo% piercing extensions microblading perm dreadlocks tanning wax waxing depil% pestañas alisado keratina extensiones tatuaje% bronceado láser rastas permanente رموش% بروتين% كيراتين% ليزر% تاتو% وشم اكستنشن حمام مغربي% تان فرد بالياج%`,
	"ingredients": `ingredient% contain% vegan cruelty parabens sulphate% sulfate% silicone% natural organic made fragrance scent% smell% perfumed contiene% vegano% natural% silicon% sulfat% paraben% olor huele aroma perfum% crueldad مكون% يحتوي% نباتي% طبيعي% سلفات% برابين% ريحت% ريحه% معطر% خالي% بارابين`,
	"size":        `size% ml millil% litre big small large bottle grams travel tamaño% mililit% litro grande pequeñ% gramos formato حجم% مل% كبير% صغير% احجام% مقاس% وزن% لتر%`,
	"use":         `use% apply% applied leave instructions directions suitable work% how daily usar% uso aplic% sirve% pone% utiliza% usa استخدم% تستخدم% يستخدم% استعمل% استعمال% طريقه% يصلح% ينفع% ينحط% احط% مناسب% يناسب% كيف%`,
	"hairtype":    `curly dry oily fine thick frizz% blonde grey greasy colour-treated damaged rizad% seco seca graso grasa fino encresp% rubio canas puntas جاف% دهني% مجعد% كيرلي% تقصف% متقصف% خفيف% هيشان% ملون% تالف% مصبوغ%`,
	"social":      `weather joke married birthday football robot coffee lol haha% love how's congrats% merry eid ramadan holiday% single news tiempo chiste calor lluvia fútbol futbol jaja% jeje% felic% cumple navidad novia vacaciones amor نكته% الجو% الطقس% مباراه% عيد% مبروك% هههه% كيفك% اخبارك% شلونك% رمضان% القهوه شاي haha`,
	"yes":         `yes yeah yep sure ok okay correct right definitely absolutely si sí vale claro dale exacto correcto perfecto desde نعم% ايوه% اي% اه% اكيد% تمام% طبعا% صح% موافق% اوكي% ايوا يب aywa aiwa ee na3am akid`,
	"refuse":      `no nope nah never لا% لأ% كلا مستحيل ابدا% la laa lla la2`,
	"thing":       `one ones it that this them those esto eso esa ese este esta هذا% هذي% هاد% هالشي% ده دي% ذا% هاي`,
	"first":       `first second third last primera primero segunda segundo tercera ultima última الاول% الاولي% الثاني% الثانيه% التالت% الاخير%`,
	"day":         `monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thurs fri sat sun today tonight tomorrow tmrw tomoro% lunes martes miercoles miércoles jueves viernes sabado sábado domingo hoy mañana manana finde الاثنين% الاتنين% الثلاثاء% التلات% الاربعاء% الاربع% الخميس% الجمعه% السبت% الاحد% بكره% بكرا% بكرة% غدا% اليوم% النهارده% غدوه bokra bukra khamis jom3a jem3a gom3a sabt sebt tlat arb3a ghedda elyoum lyoum`,
	"week":        `week weekend month semana mes finde اسبوع% الاسبوع% شهر% usbu3 osbo3`,
	"problem":     `problem% issue% trouble problema% lio inconvenien% مشكل% خلل% عطل% moshkela`,
	"sorry":       `sorry apolog% perdon perdón disculp% اسف% عذرا% معليش معلش سوري`,
	"please":      `please pls plz porfa porfi plis فضل% سمحت% رجاء% بليز تكرم% 3afak law`,
	"received":    `receiv% received came arrive% get got gotten recib% llegado llegó llego استلم% وصلني% وصلك% جاني% جت% وصل wesel wsel`,
	"check":       `check% verify look see comprob% mira% mirad% verific% checa% شيك% تشيك% تاكد% شوف% تحقق% check`,
	"status":      `status update news estado noticias progreso حاله% صار% اخبار%`,
	"charged":     `charged took taken money cobrado cobraron cobrasteis descontado cargo debit% خصم% انسحب% سحب% انخصم% مبلغ% المبلغ فلوس% mablagh mabla8 flous floos`,
	"screenshot":  `screenshot receipt proof captura comprobante recibo justificante سكرين% ايصال% صوره%`,
}

// conceptTable is conceptWords for looking up.
type conceptTable struct {
	words    map[string][]string
	prefixes map[string][]string
}

var concepts = openConcepts()

func openConcepts() conceptTable {
	t := conceptTable{words: map[string][]string{}, prefixes: map[string][]string{}}
	for concept, list := range conceptWords {
		for _, w := range strings.Fields(list) {
			into := t.words
			if p, ok := strings.CutSuffix(w, "%"); ok {
				w, into = p, t.prefixes
			}
			w = fold(w)
			if !slices.Contains(into[w], concept) {
				into[w] = append(into[w], concept)
				slices.Sort(into[w])
			}
		}
	}
	return t
}

// of lists the concepts of a word.
func (t conceptTable) of(w string, into []string) []string {
	add := func(list []string) {
		for _, c := range list {
			if !slices.Contains(into, c) {
				into = append(into, c)
			}
		}
	}
	add(t.words[w])
	for end := len(w); end > 0; {
		add(t.prefixes[w[:end]])
		_, size := utf8.DecodeLastRuneInString(w[:end])
		end -= size
	}
	return into
}

// concepts lists the concepts of a token: of its forms and, for Arabic, of its stem.
func (t token) concepts(into []string) []string {
	for _, f := range t.forms {
		into = concepts.of(f, into)
	}
	if len(into) == 0 {
		if s := stem(t.forms[len(t.forms)-1]); s != "" {
			into = concepts.of(s, into)
		}
	}
	return into
}

// stem is an Arabic word without the letters of person and tense before it, and the pronouns after it;
// empty when nothing can be taken off.
func stem(w string) string {
	if !arabicScript(w) {
		return ""
	}
	out := w
	for _, p := range []string{"هت", "هي", "هن", "حت", "حن", "بت", "بي", "بن", "با", "ست", "سا", "كن", "كت", "كي", "ب", "ح", "ه", "س", "ت", "ي", "ن", "ا"} {
		if rest, ok := strings.CutPrefix(out, p); ok && utf8.RuneCountInString(rest) >= 3 {
			out = rest
			break
		}
	}
	for _, s := range []string{"ولي", "لكم", "لكن", "هالي", "وني", "تكم", "كم", "كن", "لي", "ني", "ها", "هم", "نا", "وا", "ون", "ين", "ات", "تي", "ه", "ي", "ك", "و"} {
		if rest, ok := strings.CutSuffix(out, s); ok && utf8.RuneCountInString(rest) >= 3 {
			out = rest
			break
		}
	}
	if out == w {
		return ""
	}
	return out
}

// skeleton is what is left of an Arabic word, in either script, without its vowels and with letters
// alike written alike: موعدي and maw3idi are both "m3d".
func skeleton(w string) string {
	var b strings.Builder
	last := byte(0)
	put := func(c byte) {
		if c != 0 && c != last {
			b.WriteByte(c)
		}
		last = c
	}
	r := []rune(w)
	for i := 0; i < len(r); i++ {
		if i+1 < len(r) && r[i+1] == 'h' {
			if c := digraphs[r[i]]; c != 0 {
				put(c)
				i++
				continue
			}
		}
		put(consonants[r[i]])
	}
	return b.String()
}

var digraphs = map[rune]byte{'s': 'x', 'c': 'x', 'k': 'K', 'g': 'G', 't': 't', 'd': 'd'}

var consonants = map[rune]byte{
	'ب': 'b', 'ت': 't', 'ث': 't', 'ج': 'j', 'ح': 'h', 'خ': 'K', 'د': 'd', 'ذ': 'd', 'ر': 'r', 'ز': 'z', 'س': 's', 'ش': 'x', 'ص': 's', 'ض': 'd',
	'ط': 't', 'ظ': 'd', 'ع': '3', 'غ': 'G', 'ف': 'f', 'ق': 'k', 'ك': 'k', 'ل': 'l', 'م': 'm', 'ن': 'n', 'ه': 'h', 'و': 0, 'ي': 0, 'ا': 0,
	'b': 'b', 't': 't', 'j': 'j', 'g': 'j', '7': 'h', 'h': 'h', '5': 'K', 'x': 'K', 'd': 'd', 'r': 'r', 'z': 'z', 's': 's', '9': 's', '6': 't', '3': '3', '8': 'G',
	'f': 'f', 'q': 'k', 'k': 'k', 'c': 'k', 'l': 'l', 'm': 'm', 'n': 'n', 'v': 'f', 'p': 'b',
}
