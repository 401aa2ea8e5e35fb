{{! Shipping label, 4 x 6 inch at 8 dots/mm (203 dpi). Data, not code: positions, sizes and order may
    change here. Texts come escaped for ^FH_ and cut to length: to1..to7 36 characters, from 40,
    service 34, row1..row3 58. *_dots is the width of a bar; barcodes without a value are left out. }}
^XA
^CI28
^PW812
^LL1218
^LH0,0
^FO30,26^A0N,32,28^FH_^FD{{from}}^FS
{{#copy}}
^FO570,18^A0N,56,52^FDCOPY {{copy}}^FS
{{/copy}}
^FO30,80^GB752,3,3^FS
^FO30,92^A0N,22,20^FDSHIP TO^FS
^FO30,120^A0N,40,34^FH_^FD{{to1}}^FS
^FO30,164^A0N,40,34^FH_^FD{{to2}}^FS
^FO30,208^A0N,40,34^FH_^FD{{to3}}^FS
^FO30,252^A0N,40,34^FH_^FD{{to4}}^FS
^FO30,296^A0N,40,34^FH_^FD{{to5}}^FS
^FO30,340^A0N,40,34^FH_^FD{{to6}}^FS
^FO30,384^A0N,40,34^FH_^FD{{to7}}^FS
^FO30,434^GB752,3,3^FS
^FO30,448^A0N,42,36^FH_^FD{{service}}^FS
^FO50,500^BY{{tracking_dots}},3,10^BCN,150,N,N,N,A^FH_^FD{{tracking}}^FS
^FO50,658^A0N,36,32^FH_^FDTRACKING {{tracking}}^FS
^FO30,704^GB752,3,3^FS
^FO50,718^A0N,36,32^FH_^FDORDER {{order}}^FS
{{#order_code}}
^FO50,762^BY{{order_dots}},3,10^BCN,104,N,N,N,A^FH_^FD{{order_code}}^FS
{{/order_code}}
^FO30,882^GB752,3,3^FS
^FO50,896^BY3,3,10^BCN,130,N,N,N,N^FD>;>800{{sscc}}^FS
^FO50,1034^A0N,32,28^FDSSCC (00) {{sscc}}^FS
^FO30,1076^GB752,3,3^FS
^FO30,1088^A0N,28,24^FH_^FD{{pieces}}^FS
^FO30,1120^A0N,26,22^FH_^FD{{row1}}^FS
^FO30,1148^A0N,26,22^FH_^FD{{row2}}^FS
^FO30,1176^A0N,26,22^FH_^FD{{row3}}^FS
^XZ
